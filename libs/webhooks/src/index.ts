export { isPublicAddress, NetworkPolicy } from './network-policy.ts';
export { MemoryReplayStore, type ReplayStore } from './replay-store.ts';
export { RefusedAddressError, SafeHttpClient, type SafeHttpClientOptions, type SafeRequest, type SafeResponse } from './safe-http-client.ts';
export { signWebhook, verifyWebhook, WEBHOOK_ID_HEADER, WEBHOOK_SIGNATURE_HEADER, WEBHOOK_WINDOW_SECONDS, type WebhookToVerify } from './signature.ts';
export { WebhookReceiver, type IncomingWebhook, type WebhookReceiverOptions } from './webhook-receiver.ts';
export { WebhookSender, type OutgoingWebhook } from './webhook-sender.ts';
