// A stock Socket.IO client that a Rust test drives. One argument, JSON:
//   { url, client?, path?, namespace?, auth?, parser?, options? }
// `client` is a package: "socket.io-client", which is the default, or "socket.io-client-oldest"; `parser`: "msgpack" is
// socket.io-msgpack-parser.
// It prints what happens to it, one JSON object a line, and takes commands of the same form on standard input:
//   {"emit":["seen",{"seq":1}]}            {"ask":["seen",{"seq":1}],"timeout":2000}
//   {"reply":["fine"]} (to the oldest event that asks for an acknowledgement)
// Bytes are written {"type":"Buffer","data":[1,2]}, as Node itself writes them, both ways.
//   {"auth":{"token":"..."}} (for the next connection)
//   {"disconnect":true}  {"connect":true}  {"drop":true} (cuts the connection below)  {"exit":true}

import { createInterface } from "node:readline";
import msgpack from "socket.io-msgpack-parser";

const { url, client = "socket.io-client", path, namespace = "/", auth, parser, options } = JSON.parse(process.argv[2]);
const { io } = await import(client);

const say = (what, rest = {}) => process.stdout.write(JSON.stringify({ what, ...rest }) + "\n");

const base = url.replace(/\/$/, "");
const socket = io(base + (namespace === "/" ? "" : namespace), {
  path: path ?? "/socket.io",
  auth,
  reconnectionDelay: 50,
  reconnectionDelayMax: 200,
  ...(parser === "msgpack" && { parser: msgpack }),
  ...options,
});

const engineSaid = new WeakSet();
function watchEngine() {
  const engine = socket.io.engine;
  if (!engine || engineSaid.has(engine)) return;
  engineSaid.add(engine);
  engine.on("upgrade", (transport) => say("upgrade", { transport: transport.name }));
  engine.on("close", (reason) => say("engine-close", { reason }));
}

socket.io.on("open", watchEngine);
socket.io.on("reconnect_attempt", (attempt) => say("reconnect-attempt", { attempt }));
socket.on("connect", () => {
  watchEngine();
  say("connect", { id: socket.id, recovered: socket.recovered, transport: socket.io.engine.transport.name });
});
socket.on("disconnect", (reason) => say("disconnect", { reason, active: socket.active }));
socket.on("connect_error", (error) =>
  say("connect_error", { message: error.message, data: error.data ?? null, active: socket.active }),
);
const asked = [];
socket.onAny((name, ...args) => {
  const asks = typeof args.at(-1) === "function";
  if (asks) asked.push(args.pop());
  say("event", { name, args, ...(asks && { asks }) });
});

const bytes = (_, value) => (value?.type === "Buffer" ? Buffer.from(value.data) : value);

// What the oldest client does not have yet, written out.
function asks(event, timeout) {
  if (socket.timeout) return socket.timeout(timeout).emitWithAck(...event);
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("operation has timed out")), timeout);
    socket.emit(...event, (value) => (clearTimeout(late), resolve(value)));
  });
}

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const command = JSON.parse(line, bytes);
    if (command.emit) socket.emit(...command.emit);
    if (command.ask) {
      asks(command.ask, command.timeout ?? 20_000)
        .then((value) => say("ack", { value }))
        .catch((error) => say("no-ack", { message: error.message }));
    }
    if (command.reply) asked.shift()(...command.reply);
    if (command.auth) socket.auth = command.auth;
    if (command.disconnect) socket.disconnect();
    if (command.connect) socket.connect();
    if (command.drop) socket.io.engine.close();
    if (command.exit) process.exit(0);
  })
  // The test that drives this is gone.
  .on("close", () => process.exit(0));
