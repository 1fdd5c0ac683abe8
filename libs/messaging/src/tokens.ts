/** Token of {@link MessagingOptions}. */
export const messagingOptions = Symbol('messaging options');
