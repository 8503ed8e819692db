// client/src/App.tsx
import { useEffect, useState } from 'react';
import { wsService } from './services/websocket';

interface User {
  id: string;
  name: string;
  email: string;
}

function App() {
  const [users, setUsers] = useState<User[]>([]);

  useEffect(() => {
    // Fetch users via WebSocket instead of HTTP
    wsService.socket.emit('get-many-user', { page: 1, limit: 10 }, (response: any) => {
      if (response.event === 'get-many-user') {
        setUsers(response.data);
      }
    });

    // Cleanup
    return () => {
      wsService.disconnect();
    };
  }, []);

  const handleCreateUser = () => {
    wsService.socket.emit('create-one-user', {
      name: 'New User',
      email: 'new@example.com',
    }, (response: any) => {
      if (response.event === 'create-one-user') {
        setUsers(prev => [...prev, response.data]);
      }
    });
  };

  const handleDeleteUser = (id: string) => {
    wsService.socket.emit('delete-one-user', { id }, (response: any) => {
      if (response.event === 'delete-one-user') {
        setUsers(prev => prev.filter(u => u.id !== id));
      }
    });
  };

  return (
    <div>
      <h1>User List (via WebSocket)</h1>
      <button onClick={handleCreateUser}>Add User</button>
      <ul>
        {users.map(user => (
          <li key={user.id}>
            {user.name} - {user.email}
            <button onClick={() => handleDeleteUser(user.id)}>Delete</button>
          </li>
        ))}
      </ul>
    </div>
  );
}

export default App;
