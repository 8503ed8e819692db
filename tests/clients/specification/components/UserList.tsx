// components/UserList.tsx
import { useEffect, useState } from 'react';
import { useWebSocket } from '../hooks/useWebSocket';

interface User {
  id: string;
  name: string;
  email: string;
}

export function UserList() {
  const [users, setUsers] = useState<User[]>([]);
  const { isConnected, callRoute } = useWebSocket('http://localhost:3000');

  useEffect(() => {
    if (isConnected) {
      // Fetch users via WebSocket instead of HTTP
      // Assuming entity is named 'User' (singular)
      callRoute<User[]>('get-many-user', { page: 1, limit: 10 })
        .then(data => setUsers(data))
        .catch(error => console.error('Error:', error));
    }
  }, [isConnected, callRoute]);

  const handleCreateUser = async () => {
    try {
      const newUser = await callRoute<User>('create-one-user', {
        name: 'New User',
        email: 'newuser@example.com'
      });
      
      setUsers(prev => [...prev, newUser]);
    } catch (error) {
      console.error('Error creating user:', error);
    }
  };

  const handleUpdateUser = async (id: string) => {
    try {
      const updatedUser = await callRoute<User>('update-one-user', {
        id,
        name: 'Updated Name'
      });
      
      setUsers(prev =>
        prev.map(user => user.id === id ? updatedUser : user)
      );
    } catch (error) {
      console.error('Error updating user:', error);
    }
  };

  const handleDeleteUser = async (id: string) => {
    try {
      await callRoute('delete-one-user', { id });
      setUsers(prev => prev.filter(user => user.id !== id));
    } catch (error) {
      console.error('Error deleting user:', error);
    }
  };

  return (
    <div>
      <h2>Users {isConnected && '🟢'}</h2>
      <button onClick={handleCreateUser}>Add User</button>
      <ul>
        {users.map(user => (
          <li key={user.id}>
            {user.name} - {user.email}
            <button onClick={() => handleUpdateUser(user.id)}>Edit</button>
            <button onClick={() => handleDeleteUser(user.id)}>Delete</button>
          </li>
        ))}
      </ul>
    </div>
  );
}
