// After logging in on frontend
const socket = io('http://localhost:3000/donations', {
  auth: {
    token: localStorage.getItem('token')
  }
});

socket.on('donation.created', (data) => {
  console.log('New donation:', data);
});

socket.on('donation.claimed', (data) => {
  console.log('Donation claimed:', data);
});
