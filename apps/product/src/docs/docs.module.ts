import { Module } from '@nestjs/common';
import { ShopModule } from '../shop/shop.module.ts';
import { DocsController } from './docs.controller.ts';
import { DocumentsService } from './documents.service.ts';

@Module({ imports: [ShopModule], controllers: [DocsController], providers: [DocumentsService] })
export class DocsModule {}
