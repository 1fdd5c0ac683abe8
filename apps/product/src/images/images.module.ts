import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { openObjectStore, RenderProcess } from '@shopfleet/images';
import { Settings } from '../settings.ts';
import { ImageJobs } from './image-jobs.ts';
import { ImageJobsRepository } from './image-jobs.repository.ts';
import { ImageProcessor } from './image-processor.ts';
import { OBJECT_STORE } from './image.settings.ts';
import { ImagesConsumer } from './images.consumer.ts';
import { ImagesController } from './images.controller.ts';
import { ImagesService } from './images.service.ts';

@Module({
  controllers: [ImagesController, ImagesConsumer],
  providers: [
    ImagesService,
    ImageJobs,
    ImageJobsRepository,
    ImageProcessor,
    { provide: RenderProcess, useFactory: () => new RenderProcess() },
    { provide: OBJECT_STORE, inject: [Settings], useFactory: ({ imageStore }: Settings) => openObjectStore(imageStore) },
  ],
})
export class ImagesModule implements OnApplicationShutdown {
  constructor(private readonly renderer: RenderProcess) {}

  // After the queue is drained: nobody asks for renditions any more.
  onApplicationShutdown(): void {
    this.renderer.close();
  }
}
