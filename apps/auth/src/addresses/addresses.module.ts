import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AddressesController } from './addresses.controller.ts';
import { AddressesRepository } from './addresses.repository.ts';
import { addressesCollection, savedAddressSchema } from './addresses.schema.ts';
import { AddressesService } from './addresses.service.ts';

@Module({
  imports: [MongooseModule.forFeature([{ name: addressesCollection, schema: savedAddressSchema }])],
  controllers: [AddressesController],
  providers: [AddressesRepository, AddressesService],
  exports: [AddressesRepository],
})
export class AddressesModule {}
