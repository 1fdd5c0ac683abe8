import { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text', number: 'a number', int: 'a whole number', bigint: 'a whole number', boolean: 'true or false', array: 'a list',
  object: 'an object', record: 'an object', date: 'a date', null: 'null',
};
const formatNames: Readonly<Record<string, string>> = {
  email: 'an e-mail address', url: 'an address such as https://example.com', uuid: 'a UUID', datetime: 'a moment such as 2026-11-20T10:15:30Z',
  date: 'a date such as 2026-11-20', time: 'a time such as 10:15', ipv4: 'an IPv4 address', ipv6: 'an IPv6 address', base64url: 'text in base64url',
};

/**
 * What is wrong with a field, as the end of a sentence that begins with its name: "limit must be a whole number". Used
 * wherever a schema says nothing better itself.
 */
export function fieldMessage(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      return `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return issue.values.length === 1 ? `must be ${String(issue.values[0])}` : `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return boundOf(issue.origin, issue.inclusive === false ? 'more than' : 'at least', Number(issue.minimum));
    case 'too_big':
      return boundOf(issue.origin, issue.inclusive === false ? 'less than' : 'at most', Number(issue.maximum));
    case 'not_multiple_of':
      return `must be a multiple of ${String(issue.divisor)}`;
    case 'invalid_format':
      return formatNames[issue.format] === undefined ? 'has not the form that is described' : `must be ${formatNames[issue.format]}`;
    case 'unrecognized_keys':
      return 'is not known here';
    case 'invalid_union':
      return issue.input === undefined ? 'is missing' : 'has none of the forms that are described';
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return 'is not valid';
  }
}

function boundOf(origin: string, relation: string, bound: number): string {
  if (origin === 'string') return relation === 'at least' && bound === 1 ? 'must not be empty' : `must have ${relation} ${bound} ${bound === 1 ? 'character' : 'characters'}`;
  if (origin === 'array' || origin === 'set' || origin === 'map') return relation === 'at least' && bound === 1 ? 'must not be empty' : `must have ${relation} ${bound} ${bound === 1 ? 'entry' : 'entries'}`;
  return `must be ${relation} ${bound}`;
}

/** Makes `fieldMessage` speak for every schema of this process. */
export function speakPlainly(): void {
  z.config({ localeError: (issue) => fieldMessage(issue) });
}
