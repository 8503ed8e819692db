// A stock Socket.IO client that a Rust test drives. One argument, JSON: { url, path?, namespace?, auth?, parser?, options? };
// parser: "msgpack" is socket.io-msgpack-parser.
// It prints what happens to it, one JSON object a line, and takes commands of the same form on standard input:
//   {"emit":["seen",{"seq":1}]}            {"ask":["seen",{"seq":1}],"timeout":2000}
//   {"reply":["fine"]} (to the oldest event that asks for an acknowledgement)
// Bytes are written {"type":"Buffer","data":[1,2]}, as Node itself writes them, both ways.
//   {"disconnect":true}  {"connect":true}  {"drop":true} (cuts the connection below)  {"exit":true}

import { createInterface } from "node:readline";
import { io } from "socket.io-client";
import msgpack from "socket.io-msgpack-parser";

const { url, path, namespace = "/", auth, parser, options } = JSON.parse(process.argv[2]);

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

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const command = JSON.parse(line, bytes);
    if (command.emit) socket.emit(...command.emit);
    if (command.ask) {
      socket
        .timeout(command.timeout ?? 5000)
        .emitWithAck(...command.ask)
        .then((value) => say("ack", { value }))
        .catch((error) => say("no-ack", { message: error.message }));
    }
    if (command.reply) asked.shift()(...command.reply);
    if (command.disconnect) socket.disconnect();
    if (command.connect) socket.connect();
    if (command.drop) socket.io.engine.close();
    if (command.exit) process.exit(0);
  })
  // The test that drives this is gone.
  .on("close", () => process.exit(0));
