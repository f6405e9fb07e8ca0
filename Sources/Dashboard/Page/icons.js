// Line drawings in a field of 24 x 24, for the picture, the cards and the tabs.
import { svg } from './dom.js';

const paths = {
  grid: 'M12 2 7 22M12 2l5 20M4 8h16M5 8v3M19 8v3M9.5 12h5M8 17h8M9.5 12 16 17M14.5 12 8 17',
  pv: 'M12 7a5 5 0 1 0 0 10a5 5 0 0 0 0-10M12 1v3M12 20v3M1 12h3M20 12h3M4.2 4.2l2.1 2.1M17.7 17.7l2.1 2.1M4.2 19.8l2.1-2.1M17.7 6.3l2.1-2.1',
  wind: 'M12 12v11M12 10.5a1.5 1.5 0 1 0 .01 0M12 8.5C11 5 11.5 2.5 12 1c1 1.5 1.3 5 .6 7.5M14 12.8c3.5 0 5.5 1.3 6.6 2.6-1.8.3-5-.4-7.4-1.7M10 12.8c-3.5 0-5.5 1.3-6.6 2.6 1.8.3 5-.4 7.4-1.7',
  battery: 'M3 7h16v10H3zM19 10h2.5v4H19M10 9l-2 3.5h4L10 15.5',
  ev: 'M3 15v-3l2.5-5h9L18 11l3 1.5V16h-2M3 16h1.5M9 16h5.5M6.7 14.3a1.9 1.9 0 1 0 .01 0M16.7 14.3a1.9 1.9 0 1 0 .01 0M4.5 11.5h12',
  load: 'M3 11.5 12 4l9 7.5M5.5 10v10h13V10M10 20v-5.5h4V20',
  village: 'M2 12l5-4.5 5 4.5M3.5 11v8h7v-8M12 14l5-4.5 5 4.5M13.5 13v6h7v-6M15 5.5h4M17 3.5v4',
  now: 'M3 13h4l3-8 4 15 3-7h4',
  history: 'M3 3v18h18M7 17v-5M11.5 17V8M16 17v-7M20 17V5',
  events: 'M5 6h.01M9 6h11M5 12h.01M9 12h11M5 18h.01M9 18h11',
  engineer: 'M12 12 20 7M12 3a9 9 0 1 0 9 9M12 12v-6M12 12l-5 4',
};

export const icon = (name, x = 0, y = 0, size = 24) => svg('svg', {
  class: 'icon', x, y, width: size, height: size, viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false',
}, svg('path', { d: (paths[name] ?? paths.load) }));
