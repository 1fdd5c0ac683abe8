import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AuditTrail } from './audit-trail.ts';
import { AuditConsumer } from './audit.consumer.ts';
import { auditCollection, auditSchema } from './audit.schema.ts';

@Module({
  imports: [MongooseModule.forFeature([{ name: auditCollection, schema: auditSchema }])],
  controllers: [AuditConsumer],
  providers: [AuditTrail],
  exports: [AuditTrail],
})
export class AuditModule {}
