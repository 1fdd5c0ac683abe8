// Made from the shop's OpenAPI document by npm run client; not to be changed by hand.
export interface paths {
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["JwksController_jwks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["AuditController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/forgot-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["RecoveryController_forgot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["SessionsController_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["SessionsController_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["MeController_me"];
        put?: never;
        post?: never;
        delete: operations["PrivacyController_erase"];
        options?: never;
        head?: never;
        patch: operations["MeController_change"];
        trace?: never;
    };
    "/api/auth/me/addresses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["AddressesController_list"];
        put?: never;
        post: operations["AddressesController_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/me/addresses/{addressId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["AddressesController_read"];
        put: operations["AddressesController_correct"];
        post?: never;
        delete: operations["AddressesController_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["PrivacyController_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["SessionsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/me/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["SessionsController_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["SessionsController_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["RegistrationController_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["RecoveryController_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["UsersController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["UsersController_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["UsersController_change"];
        trace?: never;
    };
    "/api/auth/verify-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["RegistrationController_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the cart */
        get: operations["CartsController_read"];
        put?: never;
        post?: never;
        /** Empty the cart */
        delete: operations["CartsController_clear"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cart/coupon": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Name a coupon; the quote says what it gives, the order uses it */
        put: operations["ChoicesController_useCoupon"];
        post?: never;
        /** Take the coupon back */
        delete: operations["ChoicesController_dropCoupon"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cart/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put pieces of a SKU into the cart */
        post: operations["CartsController_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cart/items/{lineId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a line out of the cart */
        delete: operations["CartsController_remove"];
        options?: never;
        head?: never;
        /** Set how many pieces a line holds */
        patch: operations["CartsController_change"];
        trace?: never;
    };
    "/api/cart/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move a guest’s lines into the customer’s cart; may be repeated */
        post: operations["CartsController_merge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cart/quote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the cart comes to: prices of now, coupon, tax, shipping; the order charges the same */
        get: operations["QuotesController_quote"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cart/shipping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Choose how the parcel comes; the quote lists what goes to a country */
        put: operations["ChoicesController_chooseShipping"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cart/wishlist": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the wish list, the newest wish first */
        get: operations["WishlistController_read"];
        put?: never;
        /** Wish for a SKU; may be repeated */
        post: operations["WishlistController_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/cart/wishlist/{sku}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a SKU off the wish list */
        delete: operations["WishlistController_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["DiscoveryController_categories"];
        put?: never;
        post: operations["CategoryAdminController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/categories/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["CategoryAdminController_remove"];
        options?: never;
        head?: never;
        patch: operations["CategoryAdminController_change"];
        trace?: never;
    };
    "/api/categories/{slug}/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["DiscoveryController_categoryProducts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/coupons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All coupons, in the order of their codes */
        get: operations["CouponsController_list"];
        put?: never;
        /** Make a coupon */
        post: operations["CouponsController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/coupons/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One coupon, with how often it is used */
        get: operations["CouponsController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the rules of a coupon, or withdraw it */
        patch: operations["CouponsController_change"];
        trace?: never;
    };
    "/api/deals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["DiscoveryController_deals"];
        put?: never;
        post: operations["DealAdminController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["DealAdminController_remove"];
        options?: never;
        head?: never;
        patch: operations["DealAdminController_change"];
        trace?: never;
    };
    "/api/images/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ImagesController_job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/inventory/{sku}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["InventoryController_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["InventoryController_adjust"];
        trace?: never;
    };
    "/api/inventory/{sku}/movements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["InventoryController_movements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your notifications, newest first */
        get: operations["NotificationsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notifications/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Mark one as read; doing it again changes nothing */
        patch: operations["NotificationsController_markRead"];
        trace?: never;
    };
    "/api/notifications/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What you are told of, by which channel */
        get: operations["PreferencesController_get"];
        /** Choose; replaces what you chose before, and what you leave out follows the default */
        put: operations["PreferencesController_replace"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notifications/push-key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public key that a browser subscribes with */
        get: operations["PushSubscriptionsController_key"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notifications/push-subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your browsers that get push messages */
        get: operations["PushSubscriptionsController_list"];
        put?: never;
        /** Tell this browser by push, too; doing it again renews its keys */
        post: operations["PushSubscriptionsController_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notifications/push-subscriptions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** No more push messages to this browser */
        delete: operations["PushSubscriptionsController_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notifications/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your notifications as they come, as server-sent events
         * @description Events: `ready` (the cursor where it begins), `notification` (its id is the cursor to resume from), `end` (connect again). Nothing is missed between two connections that hand on the cursor; duplicates have the same id. The same over a WebSocket: /api/notifications/ws.
         */
        get: operations["StreamsController_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notifications/stream-tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A one-use ticket for a stream
         * @description EventSource and WebSocket cannot send the access token. Connect to /api/notifications/stream or /api/notifications/ws with ?ticket= within 30 s. Whenever a stream ends, get another ticket and connect with ?since= the last cursor.
         */
        post: operations["StreamsController_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notifications/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your endpoints */
        get: operations["WebhooksController_list"];
        put?: never;
        /**
         * Have events posted to an address of yours
         * @description Each post carries webhook-id (the same at every try) and webhook-signature: t=<seconds>,v1=<HMAC-SHA-256 of "id.t.body" by the secret>. Answer 2xx within 10 s; anything else is tried again for a day.
         */
        post: operations["WebhooksController_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notifications/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of your endpoints */
        get: operations["WebhooksController_get"];
        put?: never;
        post?: never;
        /** Remove an endpoint and what waits for it */
        delete: operations["WebhooksController_remove"];
        options?: never;
        head?: never;
        /** Change an endpoint, pause it (active: false) or give it a new secret */
        patch: operations["WebhooksController_change"];
        trace?: never;
    };
    "/api/notifications/webhooks/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was delivered to your endpoints or waits for it, newest first */
        get: operations["WebhooksController_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notifications/webhooks/deliveries/{id}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deliver it once more, under the same webhook-id */
        post: operations["WebhooksController_redeliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A customer's own orders, the newest first; staff see everybody's */
        get: operations["OrdersController_list"];
        put?: never;
        /** Order what is in the cart */
        post: operations["CheckoutController_place"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One order by its id or number */
        get: operations["OrdersController_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Call an order off before it is shipped; money that was taken goes back */
        post: operations["CheckoutController_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders/{id}/deliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Note that the parcel has arrived */
        post: operations["OrdersController_deliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders/{id}/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pay an order whose payment was refused, by another means */
        post: operations["CheckoutController_pay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders/{id}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give money back: for a return whose goods have arrived, or as a gesture; never more than was captured */
        post: operations["RefundsController_refund"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders/{id}/returns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send back a part of a delivered order, or all of it */
        post: operations["RefundsController_requestReturn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders/{id}/ship": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hand a paid order to the carrier */
        post: operations["OrdersController_ship"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened to an order, and when */
        get: operations["OrdersController_timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sales by day (UTC) and currency; the last 30 days unless told; at most five seconds behind */
        get: operations["StatisticsController_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/orders/webhooks/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Messages of the payment provider, signed over timestamp and raw body */
        post: operations["PaymentWebhooksController_hear"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ProductsController_list"];
        put?: never;
        post: operations["ProductAdminController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ProductsController_detail"];
        put?: never;
        post?: never;
        delete: operations["ProductAdminController_remove"];
        options?: never;
        head?: never;
        patch: operations["ProductAdminController_change"];
        trace?: never;
    };
    "/api/products/{id}/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["ImagesController_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/{id}/record": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ProductAdminController_record"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/{id}/related": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ProductsController_related"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/{id}/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["ProductsController_reviews"];
        put?: never;
        post: operations["ReviewsController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/{id}/variants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["ProductAdminController_addVariant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/{id}/variants/{sku}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["ProductAdminController_removeVariant"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["BulkController_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/products/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["BulkController_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/recommendations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["DiscoveryController_recommendations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/search/suggest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["DiscoveryController_suggest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AddCartItem: {
            /**
             * @description pieces
             * @default 1
             */
            quantity: number;
            /** @description stock keeping unit, from the variants of a product */
            sku: string;
        };
        AddWish: {
            /** @description stock keeping unit, from the variants of a product */
            sku: string;
        };
        CancelOrder: {
            /** @default cancelled-by-customer */
            reason: string;
        };
        Cart: {
            /** @description guests: send it as X-Cart-Token with the next request */
            cartToken?: string;
            /** @description the coupon that was named; the quote says whether it holds */
            couponCode?: string;
            /** @enum {string} */
            currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
            id: string;
            lines: components["schemas"]["CartLine"][];
            /**
             * @description absent: standard
             * @enum {string}
             */
            shippingMethod?: "standard" | "express" | "pickup";
            /** @description of the lines that are for sale, as in the quote */
            subtotal: components["schemas"]["Money"];
            /** @description grows with every change; also the ETag */
            version: number;
        };
        CartLine: {
            /** @description false: cannot be bought at the moment, being sold out or no longer for sale */
            available: boolean;
            id: string;
            lineTotal: components["schemas"]["Money"];
            name: string;
            /** @description the price at which the line was added, where it has changed */
            previousPrice?: components["schemas"]["Money"];
            /** @description for one piece, as of now */
            price: components["schemas"]["Money"];
            /** @description true when the price is no longer the one at which the line was added */
            priceChanged?: boolean;
            productId?: string;
            quantity: number;
            sku: string;
            variantName: string;
        };
        Category: {
            children: components["schemas"]["Category"][];
            id: string;
            level: number;
            name: string;
            slug: string;
            version: number;
        };
        ChangeCartItem: {
            /** @description pieces */
            quantity: number;
        };
        ChooseCoupon: {
            code: string;
        };
        ChooseShipping: {
            /** @enum {string} */
            method: "standard" | "express" | "pickup";
        };
        Coupon: {
            active: boolean;
            benefit: {
                basisPoints: number;
                /** @enum {string} */
                kind: "percent";
            } | {
                amount: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                /** @enum {string} */
                kind: "amount";
            } | {
                /** @enum {string} */
                kind: "free-shipping";
            };
            code: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            endsAt?: string;
            minimum?: {
                amount: number;
                /** @enum {string} */
                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
            };
            revision: number;
            /** Format: date-time */
            startsAt?: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description orders that use it; those that failed or were cancelled have given their use back */
            used: number;
            usesInAll?: number;
            usesPerCustomer?: number;
        };
        /** @description null takes a rule away */
        CouponEdit: {
            /** @description false: withdrawn */
            active?: boolean;
            benefit?: {
                basisPoints: number;
                /** @enum {string} */
                kind: "percent";
            } | {
                amount: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                /** @enum {string} */
                kind: "amount";
            } | {
                /** @enum {string} */
                kind: "free-shipping";
            };
            /** Format: date-time */
            endsAt?: string | null;
            minimum?: {
                amount: number;
                /** @enum {string} */
                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
            } | null;
            /** Format: date-time */
            startsAt?: string | null;
            /** @description only of a coupon that was made with it */
            usesInAll?: number;
            usesPerCustomer?: number | null;
        };
        MergedCart: {
            /** @description guests: send it as X-Cart-Token with the next request */
            cartToken?: string;
            /** @description false: what did not fit into the cart stayed in the guest’s */
            complete: boolean;
            /** @description the coupon that was named; the quote says whether it holds */
            couponCode?: string;
            /** @enum {string} */
            currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
            id: string;
            lines: components["schemas"]["CartLine"][];
            /**
             * @description absent: standard
             * @enum {string}
             */
            shippingMethod?: "standard" | "express" | "pickup";
            /** @description of the lines that are for sale, as in the quote */
            subtotal: components["schemas"]["Money"];
            /** @description grows with every change; also the ETag */
            version: number;
        };
        Money: {
            /** @description minor units */
            amount: number;
            /** @enum {string} */
            currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
        };
        NewCoupon: {
            /** @default true */
            active: boolean;
            benefit: {
                basisPoints: number;
                /** @enum {string} */
                kind: "percent";
            } | {
                amount: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                /** @enum {string} */
                kind: "amount";
            } | {
                /** @enum {string} */
                kind: "free-shipping";
            };
            code: string;
            /** Format: date-time */
            endsAt?: string;
            /** @description value of the goods from which on it holds */
            minimum?: {
                amount: number;
                /** @enum {string} */
                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
            };
            /** Format: date-time */
            startsAt?: string;
            /** @description cannot be added later */
            usesInAll?: number;
            usesPerCustomer?: number;
        };
        Notification: {
            body: string;
            /** Format: date-time */
            createdAt: string;
            id: string;
            /** @description such as order-paid; stable */
            kind: string;
            /** @description path of what it is about */
            link?: string;
            read: boolean;
            title: string;
        };
        NotificationList: {
            items: components["schemas"]["Notification"][];
            /** @description null on the last page */
            nextCursor: string | null;
            /** @description give it to the stream as `since` to hear of everything that comes after this list */
            since: string;
            /** @description how many have not been read; counted up to 100 */
            unread: number;
        };
        NotificationPreferences: {
            kinds: {
                /** @description only channels that the kind uses */
                channels: {
                    [key: string]: boolean;
                };
                kind: string;
                /** @description true: its mail and its place in the list cannot be turned off */
                mandatory: boolean;
            }[];
        };
        Order: {
            contact?: {
                /** Format: email */
                email: string;
                locale: string;
            };
            couponCode?: string;
            /** Format: date-time */
            createdAt: string;
            id: string;
            lines: {
                discount?: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                lineTotal: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                name: string;
                productId: string;
                quantity: number;
                sku: string;
                tax?: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                taxRate?: number;
                unitPrice: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                variantName?: string;
            }[];
            number: string;
            reason?: string;
            refunded?: {
                amount: number;
                /** @enum {string} */
                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
            };
            returns?: {
                id: string;
                lines: {
                    quantity: number;
                    sku: string;
                }[];
                reason: string;
                /** Format: date-time */
                requestedAt: string;
                /** @enum {string} */
                status: "requested" | "received" | "refunded";
            }[];
            shippingAddress: {
                city?: string;
                country: string;
                line1?: string;
                line2?: string;
                name?: string;
                postalCode?: string;
            };
            /** @enum {string} */
            shippingMethod?: "standard" | "express" | "pickup";
            shortages?: {
                available: number;
                requested: number;
                sku: string;
            }[];
            /** @enum {string} */
            status: "pending" | "reserved" | "awaiting_payment" | "paid" | "fulfilling" | "shipped" | "delivered" | "return_requested" | "returned" | "refunded" | "rejected" | "payment_failed" | "expired" | "cancelled";
            totals: {
                discount: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                shipping: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                subtotal: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                tax: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                taxIncluded?: boolean;
                total: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
            };
            tracking?: {
                carrier: string;
                code: string;
                /** Format: uri */
                url?: string;
            };
            /** Format: date-time */
            updatedAt: string;
        };
        OrderList: {
            items: components["schemas"]["Order"][];
            pagination: {
                limit: number;
                nextCursor?: string;
            };
        };
        OrderStatistics: {
            days: {
                /** @description paid, then called off */
                cancelled: number;
                /** @enum {string} */
                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                /** Format: date */
                day: string;
                discount: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                /** @description paid orders */
                orders: number;
                pieces: number;
                refunded: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                /** @description totals of paid orders, before refunds */
                revenue: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                shipping: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                tax: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
            }[];
            /** Format: date */
            from: string;
            /** Format: date */
            to: string;
            totals: {
                /** @description revenue per order */
                average: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                /** @description paid, then called off */
                cancelled: number;
                /** @enum {string} */
                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                discount: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                /** @description paid orders */
                orders: number;
                pieces: number;
                refunded: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                /** @description totals of paid orders, before refunds */
                revenue: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                shipping: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                tax: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
            }[];
        };
        OrderTimeline: {
            items: {
                /** Format: date-time */
                at: string;
                /** @enum {string} */
                by: "shop" | "customer" | "staff";
                note?: string;
                /** @enum {string} */
                status: "pending" | "reserved" | "awaiting_payment" | "paid" | "fulfilling" | "shipped" | "delivered" | "return_requested" | "returned" | "refunded" | "rejected" | "payment_failed" | "expired" | "cancelled";
            }[];
        };
        PayOrder: {
            payment: {
                token: string;
            };
        };
        PlacedOrder: {
            contact?: {
                /** Format: email */
                email: string;
                locale: string;
            };
            couponCode?: string;
            /** Format: date-time */
            createdAt: string;
            id: string;
            lines: {
                discount?: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                lineTotal: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                name: string;
                productId: string;
                quantity: number;
                sku: string;
                tax?: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                taxRate?: number;
                unitPrice: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                variantName?: string;
            }[];
            number: string;
            orderToken?: string;
            reason?: string;
            refunded?: {
                amount: number;
                /** @enum {string} */
                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
            };
            returns?: {
                id: string;
                lines: {
                    quantity: number;
                    sku: string;
                }[];
                reason: string;
                /** Format: date-time */
                requestedAt: string;
                /** @enum {string} */
                status: "requested" | "received" | "refunded";
            }[];
            shippingAddress: {
                city?: string;
                country: string;
                line1?: string;
                line2?: string;
                name?: string;
                postalCode?: string;
            };
            /** @enum {string} */
            shippingMethod?: "standard" | "express" | "pickup";
            shortages?: {
                available: number;
                requested: number;
                sku: string;
            }[];
            /** @enum {string} */
            status: "pending" | "reserved" | "awaiting_payment" | "paid" | "fulfilling" | "shipped" | "delivered" | "return_requested" | "returned" | "refunded" | "rejected" | "payment_failed" | "expired" | "cancelled";
            totals: {
                discount: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                shipping: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                subtotal: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                tax: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
                taxIncluded?: boolean;
                total: {
                    amount: number;
                    /** @enum {string} */
                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                };
            };
            tracking?: {
                carrier: string;
                code: string;
                /** Format: uri */
                url?: string;
            };
            /** Format: date-time */
            updatedAt: string;
        };
        PlaceOrder: {
            /** Format: email */
            email?: string;
            expectedTotal?: {
                amount: number;
                /** @enum {string} */
                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
            };
            locale?: string;
            payment: {
                token: string;
            };
            shippingAddress: {
                city: string;
                country: string;
                line1: string;
                line2?: string;
                name: string;
                postalCode: string;
            };
        };
        Problem: {
            /** @description stable; safe to compare */
            code: string;
            detail: string;
            errors?: {
                message: string;
                pointer: string;
            }[];
            instance: string;
            /** @description quote it when you ask for help */
            requestId: string;
            status: number;
            title: string;
            type: string;
        } & {
            [key: string]: unknown;
        };
        PushKey: {
            /** @description applicationServerKey for PushManager.subscribe() */
            publicKey: string;
        };
        PushSubscription: {
            /** Format: date-time */
            createdAt: string;
            id: string;
            /** @description host of the push service */
            service: string;
        };
        PushSubscriptionList: {
            items: components["schemas"]["PushSubscription"][];
        };
        Quote: {
            cartId: string;
            cartVersion: number;
            country: string;
            /** @description the coupon of the cart: whether it holds, and if not, why; an order refuses it then */
            coupon?: {
                applied: boolean;
                code: string;
                detail?: string;
                reason?: string;
            };
            /** @enum {string} */
            currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
            lines: components["schemas"]["QuoteLine"][];
            shipping: {
                /** @enum {string} */
                method: "standard" | "express" | "pickup";
                /** @description what goes to this country */
                offers: {
                    /** @enum {string} */
                    method: "standard" | "express" | "pickup";
                    price: components["schemas"]["Money"];
                }[];
                /**
                 * @description chosen, but does not go to this country; an order refuses it
                 * @enum {string}
                 */
                unavailable?: "standard" | "express" | "pickup";
            };
            /** @description total = subtotal − discount + shipping, plus tax where taxIncluded is false */
            totals: {
                discount: components["schemas"]["Money"];
                shipping: components["schemas"]["Money"];
                subtotal: components["schemas"]["Money"];
                tax: components["schemas"]["Money"];
                taxIncluded: boolean;
                total: components["schemas"]["Money"];
            };
            /** @description lines that cannot be bought any more and are not counted; an order refuses them */
            unavailable: {
                id: string;
                name: string;
                sku: string;
            }[];
        };
        QuoteLine: {
            /** @description the line’s part of the coupon */
            discount: components["schemas"]["Money"];
            id: string;
            /** @description a hint: false when it was sold out a moment ago */
            inStock: boolean;
            lineTotal: components["schemas"]["Money"];
            name: string;
            previousPrice?: components["schemas"]["Money"];
            /** @description true when the price is no longer the one at which the line was added */
            priceChanged?: boolean;
            quantity: number;
            sku: string;
            tax: components["schemas"]["Money"];
            taxPercent: number;
            /** @description what is paid for the line */
            total: components["schemas"]["Money"];
            /** @description as of now */
            unitPrice: components["schemas"]["Money"];
            variantName: string;
        };
        Refund: {
            amount: {
                amount: number;
                /** @enum {string} */
                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
            };
            /** Format: date-time */
            createdAt: string;
            id: string;
            orderId: string;
            reason: string;
            returnId?: string;
            /** @enum {string} */
            status: "due" | "done" | "refused";
        };
        RefundOrder: {
            amount?: {
                amount: number;
                /** @enum {string} */
                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
            };
            reason: string;
            returnId?: string;
        };
        RequestReturn: {
            lines: {
                quantity: number;
                sku: string;
            }[];
            reason: string;
        };
        ShipOrder: {
            tracking?: {
                carrier: string;
                code: string;
                /** Format: uri */
                url?: string;
            };
        };
        StreamTicket: {
            /** @description seconds */
            expiresIn: number;
            /** @description opens one stream, once */
            ticket: string;
        };
        WebhookDelivery: {
            attempts: number;
            /** Format: date-time */
            createdAt: string;
            endpointId: string;
            event: string;
            /** @description also in the header webhook-id; the same at every try */
            id: string;
            /** Format: date-time */
            nextAttemptAt?: string;
            /** @enum {string} */
            state: "pending" | "delivered" | "failed";
            /** @description the last ten, newest last */
            tries: {
                /** Format: date-time */
                at: string;
                error?: string;
                ms: number;
                status?: number;
            }[];
        };
        WebhookDeliveryList: {
            items: components["schemas"]["WebhookDelivery"][];
            /** @description null on the last page */
            nextCursor: string | null;
        };
        WebhookEndpoint: {
            active: boolean;
            /** Format: date-time */
            createdAt: string;
            events: ("image.failed.v1" | "image.processed.v1" | "order.paid.v1" | "stock.low.v1")[];
            id: string;
            /** @description only when it was just made; verify webhook-signature by it */
            secret?: string;
            url: string;
        };
        WebhookEndpointList: {
            items: components["schemas"]["WebhookEndpoint"][];
        };
        WebhookTaken: {
            taken: boolean;
        };
        Wish: {
            /** @description false: no longer sold */
            available: boolean;
            /** @description true: it costs less than then */
            cheaper: boolean;
            name: string;
            /** @description as of now */
            price: components["schemas"]["Money"];
            /** @description when it was wished for, or when its fall was last announced */
            priceWhenWished: components["schemas"]["Money"];
            productId?: string;
            sku: string;
            variantName: string;
            /** Format: date-time */
            wishedAt: string;
        };
        Wishlist: {
            items: components["schemas"]["Wish"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    JwksController_jwks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        keys: {
                            alg: string;
                            crv: string;
                            kid: string;
                            kty: string;
                            use: string;
                            x: string;
                            y?: string;
                        }[];
                    };
                };
            };
        };
    };
    AuditController_list: {
        parameters: {
            query?: {
                /** @description Who did it. */
                actor?: string;
                cursor?: string;
                limit?: number;
                /** @description What it was done to. */
                target?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            action: string;
                            actor: string;
                            actorRoles?: string[];
                            /** Format: date-time */
                            at: string;
                            difference?: {
                                [key: string]: {
                                    new?: unknown;
                                    old?: unknown;
                                };
                            };
                            id: string;
                            ip?: string;
                            requestId?: string;
                            source: string;
                            target: string;
                            userAgent?: string;
                        }[];
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    RecoveryController_forgot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Letter case does not matter. */
                    email: string;
                };
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        message: string;
                    };
                };
            };
        };
    };
    SessionsController_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Letter case does not matter. */
                    email: string;
                    password: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Send it as "Authorization: Bearer …". */
                        accessToken: string;
                        /** @description Seconds. */
                        expiresIn: number;
                        /** @enum {string} */
                        tokenType: "Bearer";
                        user: {
                            /** Format: date-time */
                            createdAt: string;
                            email: string;
                            emailVerified: boolean;
                            id: string;
                            locale: string;
                            name: string;
                            partnerId?: string;
                            roles: ("super-admin" | "admin" | "partner-owner" | "manager" | "employee" | "customer")[];
                            version: number;
                        };
                    };
                };
            };
        };
    };
    SessionsController_logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Logged out. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    MeController_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        email: string;
                        emailVerified: boolean;
                        id: string;
                        locale: string;
                        name: string;
                        partnerId?: string;
                        roles: ("super-admin" | "admin" | "partner-owner" | "manager" | "employee" | "customer")[];
                        version: number;
                    };
                };
            };
        };
    };
    PrivacyController_erase: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    password: string;
                };
            };
        };
        responses: {
            /** @description The account is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The password is wrong */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    MeController_change: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    locale?: string;
                    name?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        email: string;
                        emailVerified: boolean;
                        id: string;
                        locale: string;
                        name: string;
                        partnerId?: string;
                        roles: ("super-admin" | "admin" | "partner-owner" | "manager" | "employee" | "customer")[];
                        version: number;
                    };
                };
            };
        };
    };
    AddressesController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            city: string;
                            country: string;
                            id: string;
                            line1: string;
                            line2?: string;
                            name: string;
                            postalCode: string;
                            version: number;
                        }[];
                    };
                };
            };
        };
    };
    AddressesController_add: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    city: string;
                    country: string;
                    line1: string;
                    line2?: string;
                    name: string;
                    postalCode: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        city: string;
                        country: string;
                        id: string;
                        line1: string;
                        line2?: string;
                        name: string;
                        postalCode: string;
                        version: number;
                    };
                };
            };
        };
    };
    AddressesController_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                addressId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        city: string;
                        country: string;
                        id: string;
                        line1: string;
                        line2?: string;
                        name: string;
                        postalCode: string;
                        version: number;
                    };
                };
            };
        };
    };
    AddressesController_correct: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the address as it was read. */
                "If-Match": string;
            };
            path: {
                addressId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    city: string;
                    country: string;
                    line1: string;
                    line2?: string;
                    name: string;
                    postalCode: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        city: string;
                        country: string;
                        id: string;
                        line1: string;
                        line2?: string;
                        name: string;
                        postalCode: string;
                        version: number;
                    };
                };
            };
        };
    };
    AddressesController_remove: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the address as it was read. */
                "If-Match": string;
            };
            path: {
                addressId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The address is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    PrivacyController_export: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        account: {
                            /** Format: date-time */
                            createdAt: string;
                            email: string;
                            emailVerified: boolean;
                            id: string;
                            locale: string;
                            name: string;
                            partnerId?: string;
                            roles: ("super-admin" | "admin" | "partner-owner" | "manager" | "employee" | "customer")[];
                            version: number;
                        };
                        addresses: {
                            city: string;
                            country: string;
                            line1: string;
                            line2?: string;
                            name: string;
                            postalCode: string;
                        }[];
                        sessions: {
                            /** Format: date-time */
                            createdAt: string;
                            ip: string;
                            /** Format: date-time */
                            lastUsedAt: string;
                            userAgent?: string;
                        }[];
                    };
                };
            };
        };
    };
    SessionsController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            createdAt: string;
                            /** @description The session of the token that asks. */
                            current: boolean;
                            /** Format: date-time */
                            expiresAt: string;
                            id: string;
                            ip: string;
                            /** Format: date-time */
                            lastUsedAt: string;
                            userAgent?: string;
                        }[];
                    };
                };
            };
        };
    };
    SessionsController_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session is over. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    SessionsController_refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Send it as "Authorization: Bearer …". */
                        accessToken: string;
                        /** @description Seconds. */
                        expiresIn: number;
                        /** @enum {string} */
                        tokenType: "Bearer";
                        user: {
                            /** Format: date-time */
                            createdAt: string;
                            email: string;
                            emailVerified: boolean;
                            id: string;
                            locale: string;
                            name: string;
                            partnerId?: string;
                            roles: ("super-admin" | "admin" | "partner-owner" | "manager" | "employee" | "customer")[];
                            version: number;
                        };
                    };
                };
            };
        };
    };
    RegistrationController_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Letter case does not matter. */
                    email: string;
                    /** @default en */
                    locale?: string;
                    name: string;
                    password: string;
                };
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        message: string;
                    };
                };
            };
        };
    };
    RecoveryController_reset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    password: string;
                    /** @description The token of the mail. */
                    token: string;
                };
            };
        };
        responses: {
            /** @description The new password is set. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    UsersController_list: {
        parameters: {
            query?: {
                cursor?: string;
                /** @description The beginning of the address. */
                email?: string;
                limit?: number;
                role?: "super-admin" | "admin" | "partner-owner" | "manager" | "employee" | "customer";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            createdAt: string;
                            email: string;
                            emailVerified: boolean;
                            id: string;
                            locale: string;
                            name: string;
                            partnerId?: string;
                            roles: ("super-admin" | "admin" | "partner-owner" | "manager" | "employee" | "customer")[];
                            version: number;
                        }[];
                        nextCursor?: string;
                    };
                };
            };
        };
    };
    UsersController_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        email: string;
                        emailVerified: boolean;
                        id: string;
                        locale: string;
                        name: string;
                        partnerId?: string;
                        roles: ("super-admin" | "admin" | "partner-owner" | "manager" | "employee" | "customer")[];
                        version: number;
                    };
                };
            };
        };
    };
    UsersController_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    roles: ("super-admin" | "admin" | "partner-owner" | "manager" | "employee" | "customer")[];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        email: string;
                        emailVerified: boolean;
                        id: string;
                        locale: string;
                        name: string;
                        partnerId?: string;
                        roles: ("super-admin" | "admin" | "partner-owner" | "manager" | "employee" | "customer")[];
                        version: number;
                    };
                };
            };
        };
    };
    RegistrationController_verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The token of the mail. */
                    token: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        email: string;
                        /** @enum {boolean} */
                        emailVerified: true;
                    };
                };
            };
        };
    };
    CartsController_read: {
        parameters: {
            query?: never;
            header?: {
                /** @description a guest’s cart, as given in `cartToken` of an earlier answer */
                "X-Cart-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
        };
    };
    CartsController_clear: {
        parameters: {
            query?: never;
            header?: {
                /** @description the ETag of the cart as last read; 412 if it was changed meanwhile */
                "If-Match"?: string;
                /** @description a guest’s cart, as given in `cartToken` of an earlier answer */
                "X-Cart-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
        };
    };
    ChoicesController_useCoupon: {
        parameters: {
            query?: never;
            header?: {
                /** @description the ETag of the cart as last read; 412 if it was changed meanwhile */
                "If-Match"?: string;
                /** @description a guest’s cart, as given in `cartToken` of an earlier answer */
                "X-Cart-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChooseCoupon"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            /** @description No such coupon */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not hold now: withdrawn, too early, expired or used up */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ChoicesController_dropCoupon: {
        parameters: {
            query?: never;
            header?: {
                /** @description the ETag of the cart as last read; 412 if it was changed meanwhile */
                "If-Match"?: string;
                /** @description a guest’s cart, as given in `cartToken` of an earlier answer */
                "X-Cart-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
        };
    };
    CartsController_add: {
        parameters: {
            query?: never;
            header?: {
                /** @description a retry under the same key adds nothing twice; kept 24 h */
                "Idempotency-Key"?: string;
                /** @description the ETag of the cart as last read; 412 if it was changed meanwhile */
                "If-Match"?: string;
                /** @description a guest’s cart, as given in `cartToken` of an earlier answer */
                "X-Cart-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddCartItem"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
        };
    };
    CartsController_remove: {
        parameters: {
            query?: never;
            header?: {
                /** @description the ETag of the cart as last read; 412 if it was changed meanwhile */
                "If-Match"?: string;
                /** @description a guest’s cart, as given in `cartToken` of an earlier answer */
                "X-Cart-Token"?: string;
            };
            path: {
                lineId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
        };
    };
    CartsController_change: {
        parameters: {
            query?: never;
            header?: {
                /** @description the ETag of the cart as last read; 412 if it was changed meanwhile */
                "If-Match"?: string;
                /** @description a guest’s cart, as given in `cartToken` of an earlier answer */
                "X-Cart-Token"?: string;
            };
            path: {
                lineId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeCartItem"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
        };
    };
    CartsController_merge: {
        parameters: {
            query?: never;
            header: {
                /** @description the ETag of the cart as last read; 412 if it was changed meanwhile */
                "If-Match"?: string;
                /** @description a guest’s cart, as given in `cartToken` of an earlier answer */
                "X-Cart-Token": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MergedCart"];
                };
            };
        };
    };
    QuotesController_quote: {
        parameters: {
            query?: {
                /** @description where the parcel goes: decides tax and shipping */
                country?: string;
            };
            header?: {
                /** @description a guest’s cart, as given in `cartToken` of an earlier answer */
                "X-Cart-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Quote"];
                };
            };
        };
    };
    ChoicesController_chooseShipping: {
        parameters: {
            query?: never;
            header?: {
                /** @description the ETag of the cart as last read; 412 if it was changed meanwhile */
                "If-Match"?: string;
                /** @description a guest’s cart, as given in `cartToken` of an earlier answer */
                "X-Cart-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChooseShipping"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
        };
    };
    WishlistController_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Wishlist"];
                };
            };
        };
    };
    WishlistController_add: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddWish"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Wishlist"];
                };
            };
            /** @description The list is full */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    WishlistController_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description stock keeping unit, from the variants of a product */
                sku: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Wishlist"];
                };
            };
        };
    };
    DiscoveryController_categories: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All categories as a tree. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Category"][];
                    };
                };
            };
        };
    };
    CategoryAdminController_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /**
                     * @description the category it belongs to; null: a root. There are three levels
                     * @default null
                     */
                    parentId?: string | null;
                    /**
                     * @description its place among its siblings
                     * @default 0
                     */
                    position?: number;
                };
            };
        };
        responses: {
            /** @description The new category. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        level: number;
                        name: string;
                        parentId: string | null;
                        position: number;
                        slug: string;
                        version: number;
                    };
                };
            };
        };
    };
    CategoryAdminController_remove: {
        parameters: {
            query?: never;
            header: {
                /** @description `"v<version>"` of the category as it was read */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone; only an empty one can go. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    CategoryAdminController_change: {
        parameters: {
            query?: never;
            header: {
                /** @description `"v<version>"` of the category as it was read */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string;
                    position?: number;
                };
            };
        };
        responses: {
            /** @description The category after the change. Its slug stays: addresses do not break. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                        level: number;
                        name: string;
                        parentId: string | null;
                        position: number;
                        slug: string;
                        version: number;
                    };
                };
            };
        };
    };
    DiscoveryController_categoryProducts: {
        parameters: {
            query?: {
                /** @description the brand's slug */
                brand?: string;
                /** @description only products sold in it; a price filter or sort without it means EUR */
                currency?: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                /** @description `pagination.next` of the page before, in place of `page` */
                cursor?: string;
                /** @description count the matches by these, separated by commas: brand, category, price, rating, inStock, attr.<name> (with q, brand or category) */
                facets?: string;
                /** @description only these, separated by commas: id, slug, name, brand, categoryIds, partnerId, priceFrom, inStock, rating, images, variants, version, createdAt */
                fields?: string;
                /** @description `true`: only what can be had now */
                inStock?: "true" | "false";
                /** @description how many items a page has */
                limit?: number;
                /** @description greatest price, in minor units of `currency` */
                maxPrice?: number;
                /** @description least price, in minor units of `currency` */
                minPrice?: number;
                /** @description which page, from 1 */
                page?: number;
                /** @description what to search for in name, brand, category and description; a misspelling is forgiven */
                q?: string;
                /** @description least average rating */
                rating?: number;
                /** @description default: relevance where there is a search, else -createdAt */
                sort?: "-createdAt" | "createdAt" | "price" | "-price" | "-rating" | "-popularity" | "relevance";
            };
            header?: never;
            path: {
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the products of a category and of all below it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        facets?: {
                            [key: string]: {
                                count: number;
                                label?: string;
                                max?: {
                                    amount: number;
                                    /** @enum {string} */
                                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                                };
                                min?: {
                                    amount: number;
                                    /** @enum {string} */
                                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                                };
                                value: string;
                            }[];
                        };
                        /** @description with the fields that were asked for */
                        items: {
                            brand: {
                                name: string;
                                slug: string;
                            };
                            categoryIds: string[];
                            /** Format: date-time */
                            createdAt: string;
                            id: string;
                            images: {
                                /** @description what it shows, for those who do not see it */
                                alt?: string;
                                id: string;
                                /** @description what stands at an address never changes */
                                renditions: {
                                    /** @enum {string} */
                                    format: "avif" | "webp";
                                    height: number;
                                    url: string;
                                    width: number;
                                }[];
                            }[];
                            inStock: boolean;
                            name: string;
                            partnerId: string;
                            priceFrom: {
                                amount: number;
                                /** @enum {string} */
                                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                            };
                            rating: {
                                average: number;
                                count: number;
                            };
                            slug: string;
                            variants: {
                                compareAt?: {
                                    amount: number;
                                    /** @enum {string} */
                                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                                };
                                inStock: boolean;
                                name: string;
                                price: {
                                    amount: number;
                                    /** @enum {string} */
                                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                                };
                                sku: string;
                            }[];
                            version: number;
                        }[];
                        pagination: {
                            limit: number;
                            next: string | null;
                            page: number;
                            pages: number;
                            total: number;
                        };
                    };
                };
            };
        };
    };
    CouponsController_list: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Coupon"][];
                        pagination: {
                            limit: number;
                            nextCursor?: string;
                        };
                    };
                };
            };
        };
    };
    CouponsController_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCoupon"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Coupon"];
                };
            };
            /** @description The code is taken */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    CouponsController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Coupon"];
                };
            };
            /** @description No such coupon */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    CouponsController_change: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the coupon as it was read; uses do not change it */
                "If-Match": string;
            };
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CouponEdit"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Coupon"];
                };
            };
            /** @description It was changed meanwhile */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description If-Match is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    DiscoveryController_deals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The deals that run now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            endsAt: string;
                            id: string;
                            percentOff: number;
                            product: {
                                brand: {
                                    name: string;
                                    slug: string;
                                };
                                categoryIds: string[];
                                /** Format: date-time */
                                createdAt: string;
                                id: string;
                                images: {
                                    /** @description what it shows, for those who do not see it */
                                    alt?: string;
                                    id: string;
                                    /** @description what stands at an address never changes */
                                    renditions: {
                                        /** @enum {string} */
                                        format: "avif" | "webp";
                                        height: number;
                                        url: string;
                                        width: number;
                                    }[];
                                }[];
                                inStock: boolean;
                                name: string;
                                partnerId: string;
                                priceFrom: {
                                    amount: number;
                                    /** @enum {string} */
                                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                                };
                                rating: {
                                    average: number;
                                    count: number;
                                };
                                slug: string;
                                variants: {
                                    compareAt?: {
                                        amount: number;
                                        /** @enum {string} */
                                        currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                                    };
                                    inStock: boolean;
                                    name: string;
                                    price: {
                                        amount: number;
                                        /** @enum {string} */
                                        currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                                    };
                                    sku: string;
                                }[];
                                version: number;
                            };
                            /** Format: date-time */
                            startsAt: string;
                            title: string;
                            version: number;
                        }[];
                    };
                };
            };
        };
    };
    DealAdminController_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: date-time */
                    endsAt: string;
                    percentOff: number;
                    productId: string;
                    /** Format: date-time */
                    startsAt: string;
                    title: string;
                };
            };
        };
        responses: {
            /** @description The new deal. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        endsAt: string;
                        id: string;
                        percentOff: number;
                        productId: string;
                        /** Format: date-time */
                        startsAt: string;
                        title: string;
                        version: number;
                    };
                };
            };
        };
    };
    DealAdminController_remove: {
        parameters: {
            query?: never;
            header: {
                /** @description `"v<version>"` of the deal as it was read */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is over. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    DealAdminController_change: {
        parameters: {
            query?: never;
            header: {
                /** @description `"v<version>"` of the deal as it was read */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: date-time */
                    endsAt?: string;
                    percentOff?: number;
                    /** Format: date-time */
                    startsAt?: string;
                    title?: string;
                };
            };
        };
        responses: {
            /** @description The deal after the change. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        endsAt: string;
                        id: string;
                        percentOff: number;
                        productId: string;
                        /** Format: date-time */
                        startsAt: string;
                        title: string;
                        version: number;
                    };
                };
            };
        };
    };
    ImagesController_job: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far a picture is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        id: string;
                        /** @description what the picture is called among the images of its product */
                        imageId: string;
                        productId?: string;
                        /** @description per cent */
                        progress: number;
                        /** @description why it failed */
                        reason?: string;
                        /** @enum {string} */
                        state: "queued" | "processing" | "done" | "failed";
                        /** Format: date-time */
                        updatedAt: string;
                    };
                };
            };
        };
    };
    InventoryController_show: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sku: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is on the shelf. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        available: number;
                        lowAt: number;
                        onHand: number;
                        productId: string;
                        reserved: number;
                        sku: string;
                        version: number;
                    };
                };
            };
        };
    };
    InventoryController_adjust: {
        parameters: {
            query?: never;
            header: {
                /** @description A new random text for each intent, such as a UUID; the same one when repeating it. */
                "Idempotency-Key": string;
            };
            path: {
                sku: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description pieces that came (+) or went (−) */
                    change: number;
                    /** @description tell staff when so few are available */
                    lowAt?: number;
                    /** @description why, for the ledger */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description The stock as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        available: number;
                        lowAt: number;
                        onHand: number;
                        productId: string;
                        reserved: number;
                        sku: string;
                        version: number;
                    };
                };
            };
        };
    };
    InventoryController_movements: {
        parameters: {
            query?: {
                /** @description `pagination.next` of the page before */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                sku: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ledger, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: date-time */
                            at: string;
                            id: string;
                            /** @enum {string} */
                            kind: "receipt" | "correction" | "hold" | "release" | "commit" | "return";
                            onHand: number;
                            orderId?: string;
                            reason?: string;
                            reserved: number;
                            userId?: string;
                        }[];
                        pagination: {
                            limit: number;
                            next: string | null;
                        };
                    };
                };
            };
        };
    };
    NotificationsController_list: {
        parameters: {
            query?: {
                /** @description nextCursor of the page before */
                cursor?: string;
                limit?: number;
                /** @description true: only what has not been read */
                unread?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    NotificationsController_markRead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notification"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    PreferencesController_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationPreferences"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    PreferencesController_replace: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    kinds: {
                        [key: string]: {
                            email?: boolean;
                            inbox?: boolean;
                            push?: boolean;
                        };
                    };
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationPreferences"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    PushSubscriptionsController_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushKey"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    PushSubscriptionsController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushSubscriptionList"];
                };
            };
        };
    };
    PushSubscriptionsController_add: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** Format: uri */
                    endpoint: string;
                    expirationTime?: number | null;
                    keys: {
                        auth: string;
                        p256dh: string;
                    };
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PushSubscription"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    PushSubscriptionsController_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    StreamsController_stream: {
        parameters: {
            query: {
                /** @description the cursor of a list or of the last event received: what came after it is sent first */
                since?: string;
                ticket: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a stream of events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["Problem"];
                };
            };
        };
    };
    StreamsController_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamTicket"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    WebhooksController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpointList"];
                };
            };
        };
    };
    WebhooksController_add: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    events: ("image.failed.v1" | "image.processed.v1" | "order.paid.v1" | "stock.low.v1")[];
                    /** Format: uri */
                    url: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    WebhooksController_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    WebhooksController_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    WebhooksController_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    active?: boolean;
                    events?: ("image.failed.v1" | "image.processed.v1" | "order.paid.v1" | "stock.low.v1")[];
                    /**
                     * @description true: make a new secret; the old one stops at once
                     * @enum {boolean}
                     */
                    newSecret?: true;
                    /** Format: uri */
                    url?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookEndpoint"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    WebhooksController_deliveries: {
        parameters: {
            query?: {
                /** @description nextCursor of the page before */
                cursor?: string;
                endpointId?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDeliveryList"];
                };
            };
        };
    };
    WebhooksController_redeliver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    OrdersController_list: {
        parameters: {
            query?: {
                cursor?: string;
                limit?: number;
                status?: "pending" | "reserved" | "awaiting_payment" | "paid" | "fulfilling" | "shipped" | "delivered" | "return_requested" | "returned" | "refunded" | "rejected" | "payment_failed" | "expired" | "cancelled";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderList"];
                };
            };
        };
    };
    CheckoutController_place: {
        parameters: {
            query?: never;
            header: {
                /** @description A new random text for each intent, such as a UUID; the same one when repeating it. */
                "Idempotency-Key": string;
                /** @description wait=N: seconds to wait for the outcome, at most 10; default 2 */
                Prefer?: string;
                /** @description Guests: the token of the cart */
                "X-Cart-Token"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlaceOrder"];
            };
        };
        responses: {
            /** @description Paid */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlacedOrder"];
                };
            };
            /** @description Still running; Location says where to look */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlacedOrder"];
                };
            };
            /** @description The payment was declined; nothing was charged */
            402: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Out of stock, another price, an empty cart, or the first request with this key is still running */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    OrdersController_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The orderToken of a guest's order */
                "X-Order-Token"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description No such order, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    CheckoutController_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description The orderToken of a guest's order */
                "X-Order-Token"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelOrder"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description No such order, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description It has been shipped, or has ended already */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    OrdersController_deliver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description No such order, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible in the current state */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    CheckoutController_pay: {
        parameters: {
            query?: never;
            header: {
                /** @description A new random text for each intent, such as a UUID; the same one when repeating it. */
                "Idempotency-Key": string;
                /** @description wait=N: seconds to wait for the outcome, at most 10; default 2 */
                Prefer?: string;
                /** @description The orderToken of a guest's order */
                "X-Order-Token"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PayOrder"];
            };
        };
        responses: {
            /** @description Paid. Should its stock have gone meanwhile, the order is cancelled and the money goes back */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description Still running; Location says where to look */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description Declined again; nothing was charged */
            402: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description No such order, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Not an order whose payment was refused */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RefundsController_refund: {
        parameters: {
            query?: never;
            header: {
                /** @description A new random text for each intent, such as a UUID; the same one when repeating it. */
                "Idempotency-Key": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefundOrder"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refund"];
                };
            };
            /** @description No such order or return */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description More than is left of what was captured, or not possible in the current state */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    RefundsController_requestReturn: {
        parameters: {
            query?: never;
            header: {
                /** @description A new random text for each intent, such as a UUID; the same one when repeating it. */
                "Idempotency-Key": string;
                /** @description The orderToken of a guest's order */
                "X-Order-Token"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RequestReturn"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description No such order, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Not delivered, or more than was bought */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    OrdersController_ship: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShipOrder"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description No such order, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Not possible in the current state */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    OrdersController_timeline: {
        parameters: {
            query?: never;
            header?: {
                /** @description The orderToken of a guest's order */
                "X-Order-Token"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderTimeline"];
                };
            };
            /** @description No such order, or somebody else's */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    StatisticsController_read: {
        parameters: {
            query?: {
                currency?: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                from?: string;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderStatistics"];
                };
            };
        };
    };
    PaymentWebhooksController_hear: {
        parameters: {
            query?: never;
            header: {
                /** @description Names the message */
                "Webhook-Id": string;
                /** @description t=seconds,v1=hex of HMAC-SHA-256; at most 300 s old (Stripe: Stripe-Signature) */
                "Webhook-Signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Heard; `taken` is false for what does not concern the shop */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookTaken"];
                };
            };
            /** @description Signature or timestamp is wrong */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ProductsController_list: {
        parameters: {
            query?: {
                /** @description the brand's slug */
                brand?: string;
                /** @description the category's slug, of any level */
                category?: string;
                /** @description only products sold in it; a price filter or sort without it means EUR */
                currency?: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                /** @description `pagination.next` of the page before, in place of `page` */
                cursor?: string;
                /** @description count the matches by these, separated by commas: brand, category, price, rating, inStock, attr.<name> (with q, brand or category) */
                facets?: string;
                /** @description only these, separated by commas: id, slug, name, brand, categoryIds, partnerId, priceFrom, inStock, rating, images, variants, version, createdAt */
                fields?: string;
                /** @description `true`: only what can be had now */
                inStock?: "true" | "false";
                /** @description how many items a page has */
                limit?: number;
                /** @description greatest price, in minor units of `currency` */
                maxPrice?: number;
                /** @description least price, in minor units of `currency` */
                minPrice?: number;
                /** @description which page, from 1 */
                page?: number;
                /** @description what to search for in name, brand, category and description; a misspelling is forgiven */
                q?: string;
                /** @description least average rating */
                rating?: number;
                /** @description default: relevance where there is a search, else -createdAt */
                sort?: "-createdAt" | "createdAt" | "price" | "-price" | "-rating" | "-popularity" | "relevance";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of products. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        facets?: {
                            [key: string]: {
                                count: number;
                                label?: string;
                                max?: {
                                    amount: number;
                                    /** @enum {string} */
                                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                                };
                                min?: {
                                    amount: number;
                                    /** @enum {string} */
                                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                                };
                                value: string;
                            }[];
                        };
                        /** @description with the fields that were asked for */
                        items: {
                            brand: {
                                name: string;
                                slug: string;
                            };
                            categoryIds: string[];
                            /** Format: date-time */
                            createdAt: string;
                            id: string;
                            images: {
                                /** @description what it shows, for those who do not see it */
                                alt?: string;
                                id: string;
                                /** @description what stands at an address never changes */
                                renditions: {
                                    /** @enum {string} */
                                    format: "avif" | "webp";
                                    height: number;
                                    url: string;
                                    width: number;
                                }[];
                            }[];
                            inStock: boolean;
                            name: string;
                            partnerId: string;
                            priceFrom: {
                                amount: number;
                                /** @enum {string} */
                                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                            };
                            rating: {
                                average: number;
                                count: number;
                            };
                            slug: string;
                            variants: {
                                compareAt?: {
                                    amount: number;
                                    /** @enum {string} */
                                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                                };
                                inStock: boolean;
                                name: string;
                                price: {
                                    amount: number;
                                    /** @enum {string} */
                                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                                };
                                sku: string;
                            }[];
                            version: number;
                        }[];
                        pagination: {
                            limit: number;
                            next: string | null;
                            page: number;
                            pages: number;
                            total: number;
                        };
                    };
                };
            };
        };
    };
    ProductAdminController_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    brand: string;
                    categoryId: string;
                    /** @default  */
                    description?: string;
                    name: string;
                    /** @description whose product it is; only staff may say so */
                    partnerId?: string;
                    /** @description how it stands in addresses; made of the name when left away */
                    slug?: string;
                    /**
                     * @default active
                     * @enum {string}
                     */
                    status?: "draft" | "active";
                    /**
                     * @default standard
                     * @enum {string}
                     */
                    taxClass?: "standard" | "reduced";
                    variants: {
                        /** @default {} */
                        attributes?: {
                            [key: string]: string;
                        };
                        compareAt?: {
                            amount: number;
                            /** @enum {string} */
                            currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                        };
                        /** @default  */
                        name?: string;
                        price: {
                            amount: number;
                            /** @enum {string} */
                            currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                        };
                        sku: string;
                        weightGrams: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description The new product; its stock is 0 until it is received. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        brand: {
                            name: string;
                            slug: string;
                        };
                        categories: {
                            id: string;
                            name: string;
                            slug: string;
                        }[];
                        categoryIds: string[];
                        /** Format: date-time */
                        createdAt: string;
                        description: string;
                        id: string;
                        images: {
                            /** @description what it shows, for those who do not see it */
                            alt?: string;
                            id: string;
                            /** @description what stands at an address never changes */
                            renditions: {
                                /** @enum {string} */
                                format: "avif" | "webp";
                                height: number;
                                url: string;
                                width: number;
                            }[];
                        }[];
                        inStock: boolean;
                        name: string;
                        partnerId: string;
                        priceFrom: {
                            amount: number;
                            /** @enum {string} */
                            currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                        };
                        rating: {
                            average: number;
                            count: number;
                        };
                        slug: string;
                        /** @enum {string} */
                        status: "draft" | "active" | "archived";
                        /** @enum {string} */
                        taxClass: "standard" | "reduced";
                        /** Format: date-time */
                        updatedAt: string;
                        variants: {
                            attributes: {
                                [key: string]: string;
                            };
                            compareAt?: {
                                amount: number;
                                /** @enum {string} */
                                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                            };
                            inStock: boolean;
                            name: string;
                            price: {
                                amount: number;
                                /** @enum {string} */
                                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                            };
                            sku: string;
                            weightGrams: number;
                        }[];
                        version: number;
                    };
                };
            };
        };
    };
    ProductsController_detail: {
        parameters: {
            query?: {
                /** @description only these, separated by commas: id, slug, name, brand, categoryIds, partnerId, priceFrom, inStock, rating, images, variants, version, createdAt, description, status, taxClass, categories, updatedAt */
                fields?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A product, by its id or slug. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        brand: {
                            name: string;
                            slug: string;
                        };
                        categories: {
                            id: string;
                            name: string;
                            slug: string;
                        }[];
                        categoryIds: string[];
                        /** Format: date-time */
                        createdAt: string;
                        description: string;
                        id: string;
                        images: {
                            /** @description what it shows, for those who do not see it */
                            alt?: string;
                            id: string;
                            /** @description what stands at an address never changes */
                            renditions: {
                                /** @enum {string} */
                                format: "avif" | "webp";
                                height: number;
                                url: string;
                                width: number;
                            }[];
                        }[];
                        inStock: boolean;
                        name: string;
                        partnerId: string;
                        priceFrom: {
                            amount: number;
                            /** @enum {string} */
                            currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                        };
                        rating: {
                            average: number;
                            count: number;
                        };
                        slug: string;
                        /** @enum {string} */
                        status: "draft" | "active" | "archived";
                        /** @enum {string} */
                        taxClass: "standard" | "reduced";
                        /** Format: date-time */
                        updatedAt: string;
                        variants: {
                            attributes: {
                                [key: string]: string;
                            };
                            compareAt?: {
                                amount: number;
                                /** @enum {string} */
                                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                            };
                            inStock: boolean;
                            name: string;
                            price: {
                                amount: number;
                                /** @enum {string} */
                                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                            };
                            sku: string;
                            weightGrams: number;
                        }[];
                        version: number;
                    };
                };
            };
        };
    };
    ProductAdminController_remove: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the product as it was read */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is no longer in the catalogue. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ProductAdminController_change: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the product as it was read */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    brand?: string;
                    categoryId?: string;
                    description?: string;
                    name?: string;
                    /** @enum {string} */
                    status?: "draft" | "active";
                    /** @enum {string} */
                    taxClass?: "standard" | "reduced";
                    /** @description variants that change, each by its SKU; the others stay as they are */
                    variants?: {
                        active?: boolean;
                        /** @description all of them as they are to be */
                        attributes?: {
                            [key: string]: string;
                        };
                        compareAt?: {
                            amount: number;
                            /** @enum {string} */
                            currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                        } | null;
                        name?: string;
                        price?: {
                            amount: number;
                            /** @enum {string} */
                            currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                        };
                        sku: string;
                        weightGrams?: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description The product after the change. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        brand: {
                            name: string;
                            slug: string;
                        };
                        categories: {
                            id: string;
                            name: string;
                            slug: string;
                        }[];
                        categoryIds: string[];
                        /** Format: date-time */
                        createdAt: string;
                        description: string;
                        id: string;
                        images: {
                            /** @description what it shows, for those who do not see it */
                            alt?: string;
                            id: string;
                            /** @description what stands at an address never changes */
                            renditions: {
                                /** @enum {string} */
                                format: "avif" | "webp";
                                height: number;
                                url: string;
                                width: number;
                            }[];
                        }[];
                        inStock: boolean;
                        name: string;
                        partnerId: string;
                        priceFrom: {
                            amount: number;
                            /** @enum {string} */
                            currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                        };
                        rating: {
                            average: number;
                            count: number;
                        };
                        slug: string;
                        /** @enum {string} */
                        status: "draft" | "active" | "archived";
                        /** @enum {string} */
                        taxClass: "standard" | "reduced";
                        /** Format: date-time */
                        updatedAt: string;
                        variants: {
                            attributes: {
                                [key: string]: string;
                            };
                            compareAt?: {
                                amount: number;
                                /** @enum {string} */
                                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                            };
                            inStock: boolean;
                            name: string;
                            price: {
                                amount: number;
                                /** @enum {string} */
                                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                            };
                            sku: string;
                            weightGrams: number;
                        }[];
                        version: number;
                    };
                };
            };
        };
    };
    ImagesController_upload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description what it shows, for those who do not see it */
                    alt?: string;
                    /**
                     * Format: binary
                     * @description a still JPEG, PNG or WebP of at most 5 MB and 40 megapixels
                     */
                    file: string;
                };
            };
        };
        responses: {
            /** @description Its job; Location says where to look how far it is. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        createdAt: string;
                        id: string;
                        /** @description what the picture is called among the images of its product */
                        imageId: string;
                        productId?: string;
                        /** @description per cent */
                        progress: number;
                        /** @description why it failed */
                        reason?: string;
                        /** @enum {string} */
                        state: "queued" | "processing" | "done" | "failed";
                        /** Format: date-time */
                        updatedAt: string;
                    };
                };
            };
        };
    };
    ProductAdminController_record: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product as it is kept, whatever its status, with the ETag that a change needs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        brand: {
                            name: string;
                            slug: string;
                        };
                        categories: {
                            id: string;
                            name: string;
                            slug: string;
                        }[];
                        categoryIds: string[];
                        /** Format: date-time */
                        createdAt: string;
                        description: string;
                        id: string;
                        images: {
                            /** @description what it shows, for those who do not see it */
                            alt?: string;
                            id: string;
                            /** @description what stands at an address never changes */
                            renditions: {
                                /** @enum {string} */
                                format: "avif" | "webp";
                                height: number;
                                url: string;
                                width: number;
                            }[];
                        }[];
                        inStock: boolean;
                        name: string;
                        partnerId: string;
                        priceFrom: {
                            amount: number;
                            /** @enum {string} */
                            currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                        };
                        rating: {
                            average: number;
                            count: number;
                        };
                        slug: string;
                        /** @enum {string} */
                        status: "draft" | "active" | "archived";
                        /** @enum {string} */
                        taxClass: "standard" | "reduced";
                        /** Format: date-time */
                        updatedAt: string;
                        variants: {
                            active: boolean;
                            attributes: {
                                [key: string]: string;
                            };
                            compareAt?: {
                                amount: number;
                                /** @enum {string} */
                                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                            };
                            inStock: boolean;
                            name: string;
                            price: {
                                amount: number;
                                /** @enum {string} */
                                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                            };
                            sku: string;
                            weightGrams: number;
                        }[];
                        version: number;
                    };
                };
            };
        };
    };
    ProductsController_related: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Products that go with it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            brand: {
                                name: string;
                                slug: string;
                            };
                            categoryIds: string[];
                            /** Format: date-time */
                            createdAt: string;
                            id: string;
                            images: {
                                /** @description what it shows, for those who do not see it */
                                alt?: string;
                                id: string;
                                /** @description what stands at an address never changes */
                                renditions: {
                                    /** @enum {string} */
                                    format: "avif" | "webp";
                                    height: number;
                                    url: string;
                                    width: number;
                                }[];
                            }[];
                            inStock: boolean;
                            name: string;
                            partnerId: string;
                            priceFrom: {
                                amount: number;
                                /** @enum {string} */
                                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                            };
                            rating: {
                                average: number;
                                count: number;
                            };
                            slug: string;
                            variants: {
                                compareAt?: {
                                    amount: number;
                                    /** @enum {string} */
                                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                                };
                                inStock: boolean;
                                name: string;
                                price: {
                                    amount: number;
                                    /** @enum {string} */
                                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                                };
                                sku: string;
                            }[];
                            version: number;
                        }[];
                    };
                };
            };
        };
    };
    ProductsController_reviews: {
        parameters: {
            query?: {
                /** @description `pagination.next` of the page before, in place of `page` */
                cursor?: string;
                /** @description how many items a page has */
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What customers say, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            author: string;
                            /** Format: date-time */
                            createdAt: string;
                            id: string;
                            rating: number;
                            text: string;
                        }[];
                        pagination: {
                            limit: number;
                            next: string | null;
                        };
                    };
                };
            };
        };
    };
    ReviewsController_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description how to be called beside it
                     * @default A customer
                     */
                    author?: string;
                    rating: number;
                    /** @description plain text: shown as it was typed, never as HTML */
                    text: string;
                };
            };
        };
        responses: {
            /** @description The review, counted in the rating. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        author: string;
                        /** Format: date-time */
                        createdAt: string;
                        id: string;
                        rating: number;
                        text: string;
                    };
                };
            };
        };
    };
    ProductAdminController_addVariant: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the product as it was read */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default {} */
                    attributes?: {
                        [key: string]: string;
                    };
                    compareAt?: {
                        amount: number;
                        /** @enum {string} */
                        currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                    };
                    /** @default  */
                    name?: string;
                    price: {
                        amount: number;
                        /** @enum {string} */
                        currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                    };
                    sku: string;
                    weightGrams: number;
                };
            };
        };
        responses: {
            /** @description The product with the new variant, whose stock is 0. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        brand: {
                            name: string;
                            slug: string;
                        };
                        categories: {
                            id: string;
                            name: string;
                            slug: string;
                        }[];
                        categoryIds: string[];
                        /** Format: date-time */
                        createdAt: string;
                        description: string;
                        id: string;
                        images: {
                            /** @description what it shows, for those who do not see it */
                            alt?: string;
                            id: string;
                            /** @description what stands at an address never changes */
                            renditions: {
                                /** @enum {string} */
                                format: "avif" | "webp";
                                height: number;
                                url: string;
                                width: number;
                            }[];
                        }[];
                        inStock: boolean;
                        name: string;
                        partnerId: string;
                        priceFrom: {
                            amount: number;
                            /** @enum {string} */
                            currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                        };
                        rating: {
                            average: number;
                            count: number;
                        };
                        slug: string;
                        /** @enum {string} */
                        status: "draft" | "active" | "archived";
                        /** @enum {string} */
                        taxClass: "standard" | "reduced";
                        /** Format: date-time */
                        updatedAt: string;
                        variants: {
                            attributes: {
                                [key: string]: string;
                            };
                            compareAt?: {
                                amount: number;
                                /** @enum {string} */
                                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                            };
                            inStock: boolean;
                            name: string;
                            price: {
                                amount: number;
                                /** @enum {string} */
                                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                            };
                            sku: string;
                            weightGrams: number;
                        }[];
                        version: number;
                    };
                };
            };
        };
    };
    ProductAdminController_removeVariant: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the product as it was read */
                "If-Match": string;
            };
            path: {
                id: string;
                sku: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product without the variant. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        brand: {
                            name: string;
                            slug: string;
                        };
                        categories: {
                            id: string;
                            name: string;
                            slug: string;
                        }[];
                        categoryIds: string[];
                        /** Format: date-time */
                        createdAt: string;
                        description: string;
                        id: string;
                        images: {
                            /** @description what it shows, for those who do not see it */
                            alt?: string;
                            id: string;
                            /** @description what stands at an address never changes */
                            renditions: {
                                /** @enum {string} */
                                format: "avif" | "webp";
                                height: number;
                                url: string;
                                width: number;
                            }[];
                        }[];
                        inStock: boolean;
                        name: string;
                        partnerId: string;
                        priceFrom: {
                            amount: number;
                            /** @enum {string} */
                            currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                        };
                        rating: {
                            average: number;
                            count: number;
                        };
                        slug: string;
                        /** @enum {string} */
                        status: "draft" | "active" | "archived";
                        /** @enum {string} */
                        taxClass: "standard" | "reduced";
                        /** Format: date-time */
                        updatedAt: string;
                        variants: {
                            attributes: {
                                [key: string]: string;
                            };
                            compareAt?: {
                                amount: number;
                                /** @enum {string} */
                                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                            };
                            inStock: boolean;
                            name: string;
                            price: {
                                amount: number;
                                /** @enum {string} */
                                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                            };
                            sku: string;
                            weightGrams: number;
                        }[];
                        version: number;
                    };
                };
            };
        };
    };
    BulkController_export: {
        parameters: {
            query?: {
                format?: "ndjson" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    BulkController_import: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A product per line as POST /api/products takes it, or CSV with a row per variant */
        requestBody: {
            content: {
                "application/x-ndjson": string;
                "text/csv": string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    DiscoveryController_recommendations: {
        parameters: {
            query?: {
                limit?: number;
                productId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What others buy, or what goes with a product. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            brand: {
                                name: string;
                                slug: string;
                            };
                            categoryIds: string[];
                            /** Format: date-time */
                            createdAt: string;
                            id: string;
                            images: {
                                /** @description what it shows, for those who do not see it */
                                alt?: string;
                                id: string;
                                /** @description what stands at an address never changes */
                                renditions: {
                                    /** @enum {string} */
                                    format: "avif" | "webp";
                                    height: number;
                                    url: string;
                                    width: number;
                                }[];
                            }[];
                            inStock: boolean;
                            name: string;
                            partnerId: string;
                            priceFrom: {
                                amount: number;
                                /** @enum {string} */
                                currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                            };
                            rating: {
                                average: number;
                                count: number;
                            };
                            slug: string;
                            variants: {
                                compareAt?: {
                                    amount: number;
                                    /** @enum {string} */
                                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                                };
                                inStock: boolean;
                                name: string;
                                price: {
                                    amount: number;
                                    /** @enum {string} */
                                    currency: "EUR" | "USD" | "GBP" | "JPY" | "KWD";
                                };
                                sku: string;
                            }[];
                            version: number;
                        }[];
                    };
                };
            };
        };
    };
    DiscoveryController_suggest: {
        parameters: {
            query: {
                limit?: number;
                q: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Names that begin with what was typed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** @enum {string} */
                            kind: "product" | "category";
                            slug: string;
                            text: string;
                        }[];
                    };
                };
            };
        };
    };
}
