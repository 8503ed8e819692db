// The script of 004.html: the specification's own, apart from where it takes the socket.io client from.
'use strict';

const CDN = 'https://cdn.socket.io';
const CDN_CLIENT = CDN + '/4.5.4/socket.io.min.js';
const CDN_INTEGRITY = 'sha384-/KNQL8Nu5gCHLqwqfQjA689Hhoqgi2S84SNUxC3roTe4EhJ9AfLkp8QiQcU8AMzI';
const field = (id) => document.getElementById(id);
let socket = null;

const asked = new URLSearchParams(location.search);
field('clientInput').value = asked.get('client') || CDN_CLIENT;
field('integrityInput').value = asked.get('client') ? asked.get('integrity') || '' : CDN_INTEGRITY;
field('connectButton').addEventListener('click', connect);
field('disconnectButton').addEventListener('click', disconnect);

// The script runs in our origin, and a link may have chosen it and its hash as well: it is ours, or one of socket.io's.
// The page's policy says the same.
function loadClient() {
  if (window.io) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const url = new URL(field('clientInput').value, location.href);
    const script = document.createElement('script');
    if (url.origin !== location.origin) {
      const integrity = field('integrityInput').value.trim();
      if (url.origin !== CDN || !/^sha(256|384|512)-\S+$/.test(integrity)) {
        throw new Error('the client comes from this server, or from ' + CDN + ' with its integrity');
      }
      script.integrity = integrity;
      script.crossOrigin = 'anonymous';
    }
    script.src = url.href;
    script.onload = resolve;
    script.onerror = () => reject(new Error('cannot load ' + script.src));
    document.head.append(script);
  });
}

async function connect() {
  const token = field('tokenInput').value;
  if (!token) {
    alert('Please enter a JWT token');
    return;
  }
  try {
    await loadClient();
  } catch (error) {
    addMessage('❌ Error: ' + error.message);
    return;
  }
  disconnect();

  socket = io(location.origin, { auth: { token: token } });

  socket.on('connect', () => addMessage('✅ Connected: ' + socket.id));
  socket.on('disconnect', () => addMessage('❌ Disconnected'));
  socket.on('connect_error', (error) => addMessage('❌ Error: ' + error.message));
  socket.on('order.new', (data) => addMessage('📦 New Order: ' + JSON.stringify(data, null, 2)));
  socket.on('order.status.changed', (data) => addMessage('🔄 Status Changed: ' + JSON.stringify(data, null, 2)));
  socket.on('order.item.status.changed', (data) => addMessage('🍽️  Item Status: ' + JSON.stringify(data, null, 2)));
}

function disconnect() {
  if (socket) {
    socket.disconnect();
    socket = null;
  }
}

function addMessage(text) {
  const div = document.createElement('div');
  div.style.margin = '10px 0';
  div.style.padding = '10px';
  div.style.border = '1px solid #ccc';
  div.style.borderRadius = '4px';
  div.style.fontFamily = 'monospace';
  div.style.fontSize = '12px';
  div.style.whiteSpace = 'pre-wrap';
  div.textContent = text;
  field('messages').appendChild(div);
}
