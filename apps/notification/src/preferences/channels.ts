/** Where a person can be told something; what stands in the inbox is also what streams carry. */
export const channels = ['inbox', 'email', 'push'] as const;
export type Channel = (typeof channels)[number];
