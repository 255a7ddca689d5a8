// Who is signed in, and what this person may do. A reader gets no buttons that change something;
// the server would refuse them.
import { byId } from './ops-dom.js';

let role = 'act';  // until the server has told; it refuses a reader in any case

// As `GET /ops/login` and `POST /ops/login` tell it.
export function showWho(told) {
  role = told.role ?? 'read';
  const line = byId('who');
  line.hidden = !told.name;
  line.textContent = role === 'read' ? `${told.name} (reads only)` : told.name ?? '';
}

export const mayAct = () => role === 'act';
// The button, or nothing in its place.
export const ifMayAct = (button) => (mayAct() ? button : '');
