import { Controller, Get, Header, Param, Patch, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Authenticated, CurrentPrincipal, type Principal } from '@shopfleet/identity';
import { problemSchema } from '@shopfleet/service';
import type { z } from 'zod';
import {
  idParameter, listQuery, notificationListOut, notificationSchemaOut, type ListQuery, type NotificationList, type NotificationView,
} from './notifications.requests.ts';
import { NotificationsService } from './notifications.service.ts';

@ApiTags('notifications')
@Authenticated()
@Controller('api/notifications')
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  @Get()
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'Your notifications, newest first' })
  @ApiResponse({ status: 200, standardSchema: notificationListOut })
  @ApiResponse({ status: 401, standardSchema: problemSchema })
  async list(@CurrentPrincipal() principal: Principal, @Query({ schema: listQuery }) query: ListQuery): Promise<NotificationList> {
    return await this.notifications.list(principal, query);
  }

  @Patch(':id/read')
  @Header('cache-control', 'private, no-store')
  @ApiOperation({ summary: 'Mark one as read; doing it again changes nothing' })
  @ApiResponse({ status: 200, standardSchema: notificationSchemaOut })
  @ApiResponse({ status: 404, standardSchema: problemSchema })
  async markRead(@CurrentPrincipal() principal: Principal, @Param({ schema: idParameter }) { id }: z.infer<typeof idParameter>): Promise<NotificationView> {
    return await this.notifications.markRead(principal, id);
  }
}
