import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { PreferencesController } from './preferences.controller.ts';
import { PREFERENCES_MODEL, PreferencesRepository, preferencesSchema } from './preferences.repository.ts';

@Module({
  imports: [MongooseModule.forFeature([{ name: PREFERENCES_MODEL, schema: preferencesSchema }])],
  controllers: [PreferencesController],
  providers: [PreferencesRepository],
  exports: [PreferencesRepository],
})
export class PreferencesModule {}
