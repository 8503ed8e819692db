// client/src/auth.service.ts
import { io } from 'socket.io-client';

const socket = io('http://localhost:3000');

// Authentication via WebSocket
export const authService = {
  async login(email: string, password: string) {
    return new Promise((resolve, reject) => {
      socket.emit('auth-login', { email, password }, (response) => {
        if (response.event === 'auth-login') {
          // Store the JWT token
          localStorage.setItem('accessToken', response.data.accessToken);
          resolve(response.data);
        } else {
          reject(response);
        }
      });
    });
  },

  async register(userData: any) {
    return new Promise((resolve, reject) => {
      socket.emit('auth-register', userData, (response) => {
        if (response.event === 'auth-register') {
          resolve(response.data);
        } else {
          reject(response);
        }
      });
    });
  },

  async getAccount() {
    return new Promise((resolve, reject) => {
      // Include JWT token in socket connection
      socket.emit('auth-get-account', {}, (response) => {
        if (response.event === 'auth-get-account') {
          resolve(response.data);
        } else {
          reject(response);
        }
      });
    });
  },
};
