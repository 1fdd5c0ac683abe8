/**
 * The one spelling of an e-mail address that accounts are found by. Upper case is folded although a mail server may tell
 * it apart, because people do not; dots and plus tags stay, since only some servers ignore them.
 */
export function normaliseEmail(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}
