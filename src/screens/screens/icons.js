// Our own icons: strokes in a square of 24.

import { svg } from './dom.js';

const PATHS = {
  admin: ['M4 20V10', 'M10 20V4', 'M16 20v-7', 'M22 20H2'],
  alert: ['M12 3 2 20h20z', 'M12 10v4', 'M12 17v.5'],
  back: ['M15 5l-7 7 7 7'],
  check: ['M4 13l5 5L20 6'],
  clock: ['M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z', 'M12 7v5l3 2'],
  close: ['M5 5l14 14', 'M19 5L5 19'],
  edit: ['M4 20h4L19 9l-4-4L4 16z', 'M13 7l4 4'],
  fire: ['M12 3c1 4 5 5 5 10a5 5 0 0 1-10 0c0-2 1-3 2-4 0 2 1 3 2 3 1-3-1-5 1-9z'],
  kitchen: ['M6 14a4 4 0 1 1 1-7.9 5 5 0 0 1 10 0A4 4 0 1 1 18 14', 'M6 13v7h12v-7', 'M6 17h12'],
  menu: ['M4 7h16', 'M4 12h16', 'M4 17h16'],
  minus: ['M5 12h14'],
  moon: ['M20 14A8 8 0 1 1 10 4a7 7 0 0 0 10 10z'],
  note: ['M5 4h14v12l-4 4H5z', 'M8 9h8', 'M8 13h5'],
  offline: ['M3 3l18 18', 'M5 9a11 11 0 0 1 3-2', 'M12 6a11 11 0 0 1 7 3', 'M8 13a6 6 0 0 1 3-1.500', 'M12 18v.5'],
  person: ['M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z', 'M4 20c0-4 4-6 8-6s8 2 8 6'],
  plus: ['M5 12h14', 'M12 5v14'],
  play: ['M7 4l13 8-13 8z'],
  ready: ['M4 17h16', 'M6 17a6 6 0 0 1 12 0', 'M12 8V6'],
  recall: ['M5 12a7 7 0 1 0 3-6', 'M8 2v4h4'],
  search: ['M10.5 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13z', 'M15.500 15.500L21 21'],
  send: ['M3 11l18-8-7 18-3-7z', 'M11 14l10-11'],
  sound: ['M4 9v6h4l5 4V5L8 9z', 'M16.500 9a4 4 0 0 1 0 6', 'M19 6.500a8 8 0 0 1 0 11'],
  soundOff: ['M4 9v6h4l5 4V5L8 9z', 'M17 10l4 4', 'M21 10l-4 4'],
  table: ['M3 9h18', 'M5 9v10', 'M19 9v10', 'M12 9v10'],
  trash: ['M4 7h16', 'M9 7V4h6v3', 'M6 7l1 13h10l1-13', 'M10 11v5', 'M14 11v5'],
  undo: ['M4 9h10a5 5 0 1 1 0 10H9', 'M8 5L4 9l4 4'],
  waiter: ['M3 16h18', 'M5 16a7 7 0 0 1 14 0', 'M12 9V7', 'M8 20h8'],
};

// `label` for an icon that stands alone; beside a word it says nothing of its own.
export function icon(name, label) {
  return svg(PATHS[name], label);
}
