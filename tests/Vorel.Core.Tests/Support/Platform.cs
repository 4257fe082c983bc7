using Vorel.Core.Crm.Mirror;
using Vorel.Core.Errors;
using Vorel.Core.Records;
using Vorel.Core.Storage;

namespace Vorel.Core.Tests.Support;

/// <summary>What stands around the domain in a story with faults: a caller who insists, and the platform that brings every piece of work again.</summary>
internal static class Platform
{
    /// <summary>Plays something once whole, and then once for each of its calls, to which something happens then.</summary>
    /// <param name="least">How many calls the whole must have at least, or it has gone blind.</param>
    /// <param name="most">How many it may have.</param>
    /// <param name="play">Plays it, with the number of the call if it is not the whole, and gives how many calls there were.</param>
    public static async Task AtEachCall(int least, int most, Func<int?, Task<int>> play)
    {
        var calls = await play(null);
        Assert.InRange(calls, least, most);
        for (var at = 0; at < calls; at++)
        {
            await play(at);
        }
    }

    /// <summary>
    /// Plays a story once whole and then once for each call in it that leaves the process, with that call broken: before its effect or
    /// after it, as an outage or as the death of the process.
    /// </summary>
    /// <param name="afterEffect">The call takes effect, its answer is lost.</param>
    /// <param name="killed">It is the process that dies.</param>
    /// <param name="least">How many calls the whole story must have at least, or it has gone blind.</param>
    /// <param name="prepare">What comes before; nothing breaks in it.</param>
    /// <param name="story">The story. What it gives is called at the end, with the name of the play, and looks whether all is as it should be.</param>
    public static Task BreakEachCall(bool afterEffect, bool killed, int least, Func<World, Task> prepare, Func<World, Task<Func<string, Task>>> story)
    {
        return AtEachCall(least, 500, Play);

        async Task<int> Play(int? breaksAt)
        {
            var world = new World();
            await prepare(world);
            var start = world.Plan.Calls;
            world.Plan.BreaksAt = start + breaksAt;
            world.Plan.AfterEffect = afterEffect;
            if (killed)
            {
                world.Plan.Fault = () => new KilledException();
            }

            var check = await story(world);
            var count = world.Plan.Calls - start;
            world.Plan.BreaksAt = null;
            await check($"call {breaksAt}");
            return count;
        }
    }

    /// <summary>So many minutes, one after the other.</summary>
    public static async Task Minutes(World world, int count)
    {
        for (var minute = 0; minute < count; minute++)
        {
            await Minute(world);
        }
    }

    /// <summary>What a well-behaved caller does: repeats with the same key until it is told what became of it.</summary>
    public static async Task<T> Insist<T>(Func<Task<T>> request)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await request();
            }
            catch (Exception exception) when (exception is UnavailableException or StoreUnavailableException or KilledException && tries < 3)
            {
            }
        }
    }

    /// <summary>A minute of the platform: messages, the tick, and every orchestration that was started.</summary>
    public static async Task Minute(World world)
    {
        world.Advance(TimeSpan.FromMinutes(1));
        while (world.Next() is var (queue, message))
        {
            if (await Survives(() => world.Handle(queue, message.Body)))
            {
                await world.Queue.Inner.Remove(queue, message.Receipt, default);
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
