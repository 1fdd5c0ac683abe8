/** The services behind the gateway, in the order of their ports. */
export const gatewayServices = ['product', 'cart', 'auth', 'order', 'notification'] as const;
