// <critical-friend server="…">: the talk and the map, in a corner of a page or as part of it.
import { CriticalFriend } from './element';

const script = document.currentScript as HTMLScriptElement | null;
CriticalFriend.home = new URL('.', script?.src || location.href).href.replace(/\/$/, '');

if (!customElements.get('critical-friend')) customElements.define('critical-friend', CriticalFriend);

// With data-launcher the one script tag is all that a page needs.
if (script?.dataset['launcher'] !== undefined) {
  const put = () => document.querySelector('critical-friend') ?? document.body.append(document.createElement('critical-friend'));
  if (document.body) put();
  else addEventListener('DOMContentLoaded', put);
}
