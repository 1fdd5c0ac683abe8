import { Module } from '@nestjs/common';
import { CatalogueModule } from '../catalogue/catalogue.module.ts';
import { BulkController } from './bulk.controller.ts';
import { ExportService } from './export.service.ts';
import { ImportService } from './import.service.ts';

@Module({ imports: [CatalogueModule], controllers: [BulkController], providers: [ImportService, ExportService] })
export class BulkModule {}
