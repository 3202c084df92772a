// A plain page for talking to Critical Friend. Nothing from the server is ever put in as HTML.
const log = document.getElementById('log');
const form = document.getElementById('form');
const text = document.getElementById('text');
const status = document.getElementById('status');
const readingList = document.getElementById('reading');
const words = (id) => id.replaceAll('_', ' ');

function show(who, said, buttons = []) {
  const item = document.createElement('li');
  item.className = who === 'user' ? 'me' : 'friend';
  item.append(said);
  if (buttons.length) {
    const choices = document.createElement('div');
    choices.className = 'choices';
    for (const { title, payload } of buttons) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = title;
      button.addEventListener('click', () => send(title, payload));
      choices.append(button);
    }
    item.append(choices);
  }
  log.append(item);
  item.scrollIntoView({ block: 'nearest' });
}

function line(term, ...values) {
  const dt = document.createElement('dt');
  dt.textContent = term;
  readingList.append(dt);
  for (const value of values) {
    const dd = document.createElement('dd');
    dd.textContent = value;
    readingList.append(dd);
  }
}

function draw(reading) {
  readingList.replaceChildren();
  const { phase, roles, signals, next_steps: steps } = reading;
  line('Phase', phase.id ? `${words(phase.id)} (${phase.status === 'settled' ? 'settled' : 'best guess'})` : 'not known yet');
  line('Roles', ...Object.entries(roles).map(([role, state]) => `${words(role)}: ${state}`));
  const heard = Object.entries(signals).map(([id, { value, evidence }]) =>
    `${words(id)}: ${value} (“${evidence.map((e) => e.text).join('”, “')}”)`);
  line('Heard so far', ...(heard.length ? heard : ['nothing yet']));
  if (steps.length) line('Next steps', ...steps.map((step) => step.title));
}

function remembered() {
  try { return JSON.parse(sessionStorage.getItem('conversation')); } catch { return null; }
}

async function call(path, method = 'GET', body) {
  const { token } = remembered() ?? {};
  const answer = await fetch(`api/conversations${path}`, {
    method,
    headers: { ...(token && { Authorization: `Bearer ${token}` }), ...(body && { 'Content-Type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  const data = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(data.detail);
  return data;
}

async function open() {
  if (!remembered()) sessionStorage.setItem('conversation', JSON.stringify(await call('', 'POST')));
  return remembered().conversation;
}

async function send(said, payload) {
  show('user', said);
  status.textContent = 'One moment …';
  try {
    const id = await open();
    const replies = await call(`/${id}/messages`, 'POST', { text: said, ...(payload && { payload }) });
    for (const reply of replies) {
      if (reply.text) show('bot', reply.text, reply.buttons);
      if (reply.custom?.type === 'reading') draw(reply.custom);
    }
    status.textContent = '';
  } catch (error) {
    status.textContent = `${error.message} Your message was: “${said}”`;
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const said = text.value.trim();
  if (!said) return;
  text.value = '';
  send(said);
});
text.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
document.getElementById('forget').addEventListener('click', async () => {
  if (!remembered() || !confirm('Delete all that is kept of this conversation? It cannot be brought back.')) return;
  try {
    await call(`/${remembered().conversation}`, 'DELETE');
    sessionStorage.removeItem('conversation');
    log.replaceChildren();
    readingList.replaceChildren();
    status.textContent = 'It is gone.';
  } catch (error) { status.textContent = error.message; }
});

if (remembered()) {
  try {
    const { transcript, reading } = await call(`/${remembered().conversation}`);
    for (const { by, text: said } of transcript) show(by, said);
    draw(reading);
  } catch { sessionStorage.removeItem('conversation'); }
}
if (!log.childElementCount) show('bot', 'Kia ora. How is your work with other agencies going? Tell me in your own words.');
