// Idempotency keys. Random by getRandomValues, because crypto.randomUUID is missing where a page came over plain HTTP.

// 128 bits as 32 hexadecimal digits.
export function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
