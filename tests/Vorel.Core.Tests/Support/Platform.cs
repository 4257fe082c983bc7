using Vorel.Core.Crm.Mirror;
using Vorel.Core.Errors;
using Vorel.Core.Messaging;
using Vorel.Core.Records;
using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Support;

/// <summary>What stands around the domain in a story with faults: a caller who insists, and the platform that brings every piece of work again.</summary>
internal static class Platform
{
    /// <summary>What a well-behaved caller does: repeats with the same key until it is told what became of it.</summary>
    public static async Task<T> Insist<T>(Func<Task<T>> request)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await request();
            }
            catch (Exception exception) when (exception is UnavailableException or KilledException && tries < 3)
            {
            }
        }
    }

    /// <summary>A minute of the platform: messages, the tick, and every orchestration that was started.</summary>
    public static async Task Minute(World world)
    {
        world.Advance(TimeSpan.FromMinutes(1));
        while (world.Queue.Inner.TakeNext(WorkQueues.Live, TimeSpan.FromSeconds(30)) is { } message)
        {
            if (await Survives(() => world.Live.Handle(message.Body, default)))
            {
                await world.Queue.Inner.Remove(WorkQueues.Live, message.Receipt, default);
            }
        }

        await Survives(() => world.Tick.Run(world.Domain.GetUtcNow(), default));
        while (world.Orchestrations.Starts.TryDequeue(out var started))
        {
            var id = Guid.Parse(started.Instance[(started.Instance.LastIndexOf(':') + 1)..]);
            await Survives(() => started.Name == "WebhookDelivery"
                ? world.Deliveries.Attempt(world.Tenant, id, default)
                : Mirror(world, RecordKinds.Find(started.Instance.Split(':')[2])!, id));
        }
    }

    private static async Task Mirror(World world, RecordKind kind, Guid id)
    {
        for (var calls = 0; calls < 8; calls++)
        {
            switch (await world.Mirror.Mirror(world.Tenant, kind, id, default))
            {
                case MirrorStep.Done:
                    return;
                case MirrorStep.Retry retry:
                    world.Advance(retry.After);
                    break;
            }
        }
    }

    private static async Task<bool> Survives(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception exception) when (exception is StoreUnavailableException or KilledException)
        {
            return false;
        }
    }
}
