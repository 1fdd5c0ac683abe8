const form = document.getElementById('form');
const result = document.getElementById('result');
const token = new URLSearchParams(location.search).get('token');

function show(kind, text) {
  result.className = `result ${kind}`;
  result.textContent = text;
}

async function reset() {
  const response = await fetch('/api/auth/reset-password', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, password: document.getElementById('password').value }),
  });
  if (response.ok) {
    form.hidden = true;
    show('good', 'Your password is changed. You can log in with it now.');
    return;
  }
  const problem = await response.json().catch(() => ({}));
  const reasons = (problem.errors ?? []).map(({ message }) => message).join(' ');
  show('bad', reasons || problem.detail || `That did not work (${response.status}). Ask for a new mail and try again.`);
}

if (token) {
  // Kept by this page alone, out of the history.
  history.replaceState(null, '', location.pathname);
} else {
  form.hidden = true;
  show('bad', 'This link has no token. Open the link in the mail once more, complete.');
}
form.addEventListener('submit', (event) => {
  event.preventDefault();
  reset().catch(() => show('bad', 'The shop could not be reached. Try again in a moment.'));
});
