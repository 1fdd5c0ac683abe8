// Logs in as any client does, trades the token for a cookie that only /ops sees, and goes to the queues.
const form = document.getElementById('login');
const problem = document.getElementById('problem');

async function ask(path, init) {
  const answer = await fetch(path, { method: 'POST', ...init });
  if (!answer.ok) {
    const body = await answer.json().catch(() => ({}));
    throw new Error(body.detail || `The shop answered ${answer.status}.`);
  }
  return answer;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  problem.textContent = '';
  const { email, password } = Object.fromEntries(new FormData(form));
  try {
    const login = await ask('/api/auth/login', { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email, password }) });
    const { accessToken } = await login.json();
    await ask('/ops/session', { headers: { authorization: `Bearer ${accessToken}` } });
    location.assign('/ops/queues');
  } catch (error) {
    problem.textContent = error.message;
  }
});
