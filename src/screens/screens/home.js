// `/`: the way to each screen.

import { icon } from './icons.js';
import { dress } from './shell.js';

dress();
for (const door of document.querySelectorAll('[data-icon]')) door.prepend(icon(door.dataset.icon));
