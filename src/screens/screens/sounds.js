// Sounds that are told apart with the back turned, made here: no files, nothing to load. Browsers keep still until the first
// tap, so `blocked` says whether to ask for one.

// Notes as [Hz, starts at s, lasts s].
const SOUNDS = {
  new: [[880, 0, 0.12], [1320, 0.14, 0.18]],
  changed: [[660, 0, 0.1], [660, 0.16, 0.1], [660, 0.32, 0.1]],
  void: [[440, 0, 0.2], [294, 0.22, 0.35]],
  late: [[988, 0, 0.08], [784, 0.1, 0.08], [988, 0.2, 0.08], [784, 0.3, 0.12]],
  ready: [[1047, 0, 0.1], [1319, 0.1, 0.1], [1568, 0.2, 0.2]],
  lost: [[220, 0, 0.35], [196, 0.4, 0.5]],
  back: [[523, 0, 0.12], [784, 0.14, 0.2]],
};
const LOUDNESS = 0.4;
const SLOT = 'comanda.sound';

let context = null;

export const muted = () => localStorage.getItem(SLOT) === 'off';

export function setMuted(off) {
  localStorage.setItem(SLOT, off ? 'off' : 'on');
}

// True where the browser waits for a tap.
export const blocked = () => !muted() && context?.state !== 'running';

// Called from a tap.
export async function unlock() {
  context ??= new AudioContext();
  await context.resume();
}

export function play(name) {
  if (muted() || context?.state !== 'running') return;
  const start = context.currentTime + 0.02;
  for (const [pitch, at, lasts] of SOUNDS[name]) {
    const [tone, gain] = [context.createOscillator(), context.createGain()];
    tone.type = 'triangle';
    tone.frequency.value = pitch;
    gain.gain.setValueAtTime(0, start + at);
    gain.gain.linearRampToValueAtTime(LOUDNESS, start + at + 0.01);
    gain.gain.setTargetAtTime(0, start + at + lasts, 0.04);
    tone.connect(gain).connect(context.destination);
    tone.start(start + at);
    tone.stop(start + at + lasts + 0.3);
  }
}
