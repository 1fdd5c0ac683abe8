import { Body, Controller, Delete, Get, Header, Headers, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { addressSchema, type Address } from '@shopfleet/contracts';
import { Authenticated, CurrentPrincipal, type Principal } from '@shopfleet/identity';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { etagOf } from '../accounts/accounts.presenter.ts';
import { requireIfMatch } from '../accounts/if-match.ts';
import type { SavedAddress } from './address.ts';
import { AddressesService } from './addresses.service.ts';

const idSchema = z.strictObject({ addressId: z.string().regex(/^adr_[0-9a-f]{32}$/u, 'is not the id of an address') });
type IdParameter = z.infer<typeof idSchema>;

const savedAddressSchema = z.object({ id: z.string(), ...addressSchema.shape, version: z.number().int() });
const listSchema = z.object({ items: z.array(savedAddressSchema) });
type SavedAddressAnswer = z.infer<typeof savedAddressSchema>;

@ApiTags('addresses')
@Authenticated()
@Controller('api/auth/me/addresses')
export class AddressesController {
  constructor(private readonly addresses: AddressesService) {}

  /** The delivery addresses I keep, oldest first; at most 20. */
  @Get()
  @Header('cache-control', 'private, no-store')
  @ApiOkResponse({ standardSchema: listSchema })
  async list(@CurrentPrincipal() principal: Principal): Promise<{ items: SavedAddressAnswer[] }> {
    return { items: (await this.addresses.list(principal)).map(present) };
  }

  /** Keeps another address. */
  @Post()
  @Header('cache-control', 'private, no-store')
  @ApiCreatedResponse({ standardSchema: savedAddressSchema })
  async add(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: addressSchema }) address: Address,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SavedAddressAnswer> {
    const saved = await this.addresses.add(principal, address);
    void reply.header('location', `/api/auth/me/addresses/${saved._id}`);
    return answer(saved, reply);
  }

  /** One of my addresses. */
  @Get(':addressId')
  @Header('cache-control', 'private, no-store')
  @ApiOkResponse({ standardSchema: savedAddressSchema })
  async read(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idSchema }) { addressId }: IdParameter,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SavedAddressAnswer> {
    return answer(await this.addresses.find(principal, addressId), reply);
  }

  /** Replaces one of my addresses. */
  @Put(':addressId')
  @Header('cache-control', 'private, no-store')
  @ApiHeader({ name: 'If-Match', required: true, description: 'The ETag of the address as it was read.' })
  @ApiOkResponse({ standardSchema: savedAddressSchema })
  async correct(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idSchema }) { addressId }: IdParameter,
    @Body({ schema: addressSchema }) address: Address,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SavedAddressAnswer> {
    return answer(await this.addresses.correct(principal, addressId, address, requireIfMatch(ifMatch)), reply);
  }

  /** Forgets one of my addresses. */
  @Delete(':addressId')
  @HttpCode(204)
  @ApiHeader({ name: 'If-Match', required: true, description: 'The ETag of the address as it was read.' })
  @ApiNoContentResponse({ description: 'The address is deleted.' })
  async remove(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idSchema }) { addressId }: IdParameter,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.addresses.remove(principal, addressId, requireIfMatch(ifMatch));
  }
}

function answer(address: SavedAddress, reply: FastifyReply): SavedAddressAnswer {
  void reply.header('etag', etagOf(address));
  return present(address);
}

function present({ _id, name, line1, line2, city, postalCode, country, version }: SavedAddress): SavedAddressAnswer {
  return { id: _id, name, line1, ...(line2 !== undefined && { line2 }), city, postalCode, country, version };
}
