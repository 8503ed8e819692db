// Which server the tests talk to, and how its demo's people sign in.

export const URL_ = process.env.COMANDA_URL;
export const PASSWORD = process.env.COMANDA_PASSWORD ?? 'password123';
