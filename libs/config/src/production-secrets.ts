const fewestCharacters = 32;
const fewestInPasswords = 12;
// Fewer different characters than this in so many is somebody leaning on a key, not chance.
const fewestDifferent = 10;

const isSecret = /(?:_SECRET|_TOKEN|_PASSWORD|_KEYS?)$/u;
const holdsPassword = /_(?:URL|URI)$/u;
const placeholder = /change[-_ ]?(?:me|this)|placeholder|example|default|password|secret|replace|dummy|sample|your[-_]/iu;
const knownPasswords: ReadonlySet<string> = new Set(['guest', 'admin', 'root', 'shopfleet', 'rabbitmq', 'mongodb', 'redis', 'postgres', 'test']);

/**
 * What is wrong with the secrets of a production environment: one line per variable, naming it and never showing it.
 * Secrets are variables called …_SECRET, …_TOKEN, …_PASSWORD, …_KEY(S), and passwords in …_URL and …_URI.
 */
export function unsafeSecrets(variables: readonly (readonly [string, string | undefined])[]): string[] {
  return variables.flatMap(([name, value]) => {
    if (value === undefined) return [];
    const complaint = isSecret.test(name) ? complaintAboutSecret(value) : holdsPassword.test(name) ? complaintAboutUrl(value) : undefined;
    return complaint === undefined ? [] : [`${name} is wrong: ${complaint}; npm run secrets makes good ones`];
  });
}

function complaintAboutSecret(value: string): string | undefined {
  // Private keys are JSON; their parser has looked at them.
  if (value.trimStart().startsWith('[')) return undefined;
  if (value.length < fewestCharacters) return `a secret has at least ${fewestCharacters} characters in production`;
  if (placeholder.test(value)) return 'it is a placeholder, not a secret';
  return new Set(value).size < fewestDifferent ? 'it is not random' : undefined;
}

function complaintAboutUrl(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined;
  const { protocol, username, password } = new URL(value);
  // Clients of RabbitMQ fall back to guest:guest.
  if (protocol.startsWith('amqp') && username === '') return 'it names no account; RabbitMQ would be asked as guest';
  if (password === '') return undefined;
  const plain = decodeURIComponent(password);
  if (plain.length < fewestInPasswords) return `its password has less than ${fewestInPasswords} characters`;
  if (placeholder.test(plain) || knownPasswords.has(plain.toLowerCase()) || plain === decodeURIComponent(username)) return 'its password is a default or a placeholder';
  return undefined;
}
