import path from 'node:path';
import { gatewayUrl } from './gateway.ts';
import { caFile } from './inspect.ts';
import type { Instance } from './instance.ts';

/**
 * A purchase in POSIX sh, from the registration to the notifications, to be pasted in the project's folder; needs curl
 * and Node, as the shop does. README.md shows the one of the default instance.
 */
export function firstPurchase(instance: Instance): string {
  const mailbox = `http://localhost:${instance.ports.mailbox}`;
  return String.raw`shop() { curl -sS --cacert ${path.relative(instance.projectDir, caFile(instance))} -H 'content-type: application/json' "$@"; }
pick() { node -p "const a = JSON.parse(require('fs').readFileSync(0, 'utf8')); $1"; }
url=${gatewayUrl(instance)}
email="ada.$(date +%s)@example.com"

# register, and confirm the address with the token in the mail
shop $url/api/auth/register -d '{"email":"'$email'","password":"a long walk by the sea","name":"Ada","locale":"en"}'; echo
for second in 1 2 3 4 5 6 7 8 9 10; do
  mail=$(curl -sS "${mailbox}/api/messages?to=$email" | pick "(a.items[0] || {}).id || ''")
  [ -n "$mail" ] && break; sleep 1
done
token=$(curl -sS ${mailbox}/api/messages/$mail | pick "/verify-email.html.token=([-.\\w]+)/.exec(a.text)[1]")
shop $url/api/auth/verify-email -d '{"token":"'$token'"}'; echo
bearer=$(shop $url/api/auth/login -d '{"email":"'$email'","password":"a long walk by the sea"}' | pick a.accessToken)

# search, and put two products into the cart
skus=$(shop "$url/api/products?inStock=true&limit=50" | pick "a.items.flatMap((p) => p.variants.filter((v) => v.inStock && v.price.currency === 'EUR').slice(0, 1)).slice(0, 2).map((v) => v.sku).join(' ')")
for sku in $(echo $skus); do shop $url/api/cart/items -H "authorization: Bearer $bearer" -d '{"sku":"'$sku'","quantity":1}'; echo; done

# order, pay, and see what came of it
shop $url/api/orders -H "authorization: Bearer $bearer" -H "idempotency-key: $email" -d '{"payment":{"token":"tok_ok"},"shippingAddress":{"name":"Ada","line1":"1 Harbour Road","city":"Hamburg","postalCode":"20457","country":"DE"}}'; echo
sleep 1; shop $url/api/notifications -H "authorization: Bearer $bearer"; echo
`;
}
