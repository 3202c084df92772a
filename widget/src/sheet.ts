// How the widget looks. It comes first in the bundle: what is alike lies nearer together then, and packs smaller.
import css from './style.css';

export const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
