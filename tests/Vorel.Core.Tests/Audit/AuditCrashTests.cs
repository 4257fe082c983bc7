using Vorel.Core.Audit;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Audit;

/// <summary>Whichever call breaks, of events that are written, days that pass and seals that are made: nothing that was answered is lost, and nothing looks like foul play.</summary>
[Trait("Area", "crash")]
public sealed class AuditCrashTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task Whichever_call_breaks_what_was_answered_is_there_and_there_is_no_break(bool afterEffect, bool killed) =>
        Platform.BreakEachCall(afterEffect, killed, least: 30, _ => Task.CompletedTask, async world =>
        {
            var tenants = new TenantService(world.Store, world.Audit, world.Ids);
            var tenant = (await Platform.Insist(() => tenants.Create("Skyline", AuditActor.System, default))).Id;
            AuditLog[] logs = [world.Audit, new(world.Store, world.Hints, world.Ids, world.AuditKey, world.Clocks)];
            var answered = new List<Guid> { tenant.Value };
            for (var day = 0; day < 4; day++)
            {
                foreach (var log in logs.Concat(logs))
                {
                    answered.Add(await Platform.Insist(() => Write(log)));
                }

                world.Advance(TimeSpan.FromDays(1));
                for (var tick = 0; tick < 2; tick++)
                {
                    await Survive(() => world.Tick.Run(world.Domain.GetUtcNow(), default));
                    world.Advance(TimeSpan.FromMinutes(1));
                }
            }

            return async when =>
            {
                var kept = world.Store.Inner.Dump().Where(entry => entry.Table == AuditRow.Table && entry.Partition == tenant.ToString()).Select(entry => entry.Row).ToList();
                Assert.True(!answered.Except(kept.Select(row => row.Columns.GetValueOrDefault("subject")).OfType<Guid>()).Any(), when);
                Assert.True(kept.Count(row => row.Key.StartsWith("seal|", StringComparison.Ordinal)) == 4, when);
                var verdict = await new AuditVerifier(world.Store, world.AuditKey, world.Clocks).Verify(tenant, AuditStage.Month, null, default);
                Assert.True(verdict.First is null, $"{when}: {verdict.First}");
                Assert.True(verdict is { LateRows: 0, LateSeals: 0 }, when);
            };

            async Task<Guid> Write(AuditLog log)
            {
                var subject = Guid.NewGuid();
                await log.Append(tenant, new AuditEvent(AuditAction.ApiKeyIssued, AuditActor.System) { Subject = subject }, default);
                return subject;
            }
        });

    private static async Task Survive(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) when (exception is StoreUnavailableException or KilledException)
        {
            // The next tick comes.
        }
    }
}
