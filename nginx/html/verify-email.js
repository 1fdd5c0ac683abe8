const result = document.getElementById('result');

function show(kind, text) {
  result.className = `result ${kind}`;
  result.textContent = text;
}

async function verify() {
  const token = new URLSearchParams(location.search).get('token');
  if (!token) {
    show('bad', 'This link has no token. Open the link in the mail once more, complete.');
    return;
  }
  // The token is used up by this page: keep it out of the history.
  history.replaceState(null, '', location.pathname);
  const response = await fetch('/api/auth/verify-email', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (response.ok) {
    show('good', 'Your address is confirmed. You can log in now.');
    return;
  }
  const problem = await response.json().catch(() => ({}));
  show('bad', problem.detail ?? `That did not work (${response.status}). Ask for a new mail and try again.`);
}

verify().catch(() => show('bad', 'The shop could not be reached. Try again in a moment.'));
