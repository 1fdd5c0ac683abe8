import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AccessTokenIssuer } from './access-token-issuer.ts';
import { JwksController } from './jwks.controller.ts';
import { MailTokensController } from './mail-tokens.controller.ts';
import { mailTokenSchema, mailTokensCollection } from './mail-tokens.schema.ts';
import { MailTokens } from './mail-tokens.ts';

@Module({
  imports: [MongooseModule.forFeature([{ name: mailTokensCollection, schema: mailTokenSchema }])],
  controllers: [JwksController, MailTokensController],
  providers: [AccessTokenIssuer, MailTokens],
  exports: [AccessTokenIssuer, MailTokens],
})
export class TokensModule {}
