/** The token of an `Authorization: Bearer …` header; undefined where there is none of that form. */
export function bearerToken(authorization: string | string[] | undefined): string | undefined {
  return typeof authorization === 'string' ? /^Bearer +([\w.~+/-]+=*)$/iu.exec(authorization)?.[1] : undefined;
}
