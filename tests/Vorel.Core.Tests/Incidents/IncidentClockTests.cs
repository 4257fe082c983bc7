using Vorel.Core.Crm;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Incidents;

/// <summary>Clocks that jump, and processes that die, between a hint and what it points to.</summary>
[Trait("Area", "crash")]
public sealed class IncidentClockTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hint_that_a_jump_used_up_before_its_row_was_written_is_filed_again(bool livesOn)
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        await stage.World.Dispatch();
        stage.World.Store.BeforeCommit = async (table, writes, _) =>
        {
            if (table == "Records" && writes[0].Key.StartsWith("todo|", StringComparison.Ordinal))
            {
                stage.World.Store.BeforeCommit = null;
                stage.World.Domain.Advance(TimeSpan.FromMinutes(10));
                await stage.World.Tick.Run(stage.World.Domain.GetUtcNow(), default);
                Assert.Empty(stage.Hints());
                stage.World.Store.AfterCommit = (_, _) => livesOn ? Task.CompletedTask : throw new KilledException();
            }
        };
        if (livesOn)
        {
            await stage.Refuse(conversation);
            Assert.Single(stage.Hints());
        }
        else
        {
            // Killed with the failure written and no hint on file: the last check of the record files it.
            await Assert.ThrowsAsync<KilledException>(() => stage.Refuse(conversation));
            Assert.Empty(stage.Hints());
        }

        stage.World.Store.AfterCommit = null;
        await stage.Pass(4);
        Assert.Null((await stage.Only()).ClosedAt);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_behind_a_hint_loses_nothing_and_the_last_check_has_it_looked_at_all_the_same()
    {
        var stage = await IncidentStage.Start();
        await stage.Refuse(await stage.World.Conversation());
        stage.World.Domain.SetBack(TimeSpan.FromHours(3));
        await stage.Pass(3);
        Assert.Empty(await stage.Incidents());
        Assert.Equal(2, stage.Hints().Count);
        await stage.Pass(1);
        Assert.Null((await stage.Only()).ClosedAt);

        stage.World.Domain.Advance(TimeSpan.FromHours(3));
        await stage.Pass(6);
        Assert.Null((await stage.Only()).ClosedAt);
        Assert.Single(stage.Hints());
    }

    [Fact]
    public async Task A_jump_over_24_hours_tells_at_once_and_a_clock_that_is_set_back_has_it_told_anew_when_its_time_comes()
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        await stage.Refuse(conversation, CrmErrorCode.ProviderUnavailable, retryable: true);
        stage.World.Domain.Advance(TimeSpan.FromHours(25));
        await stage.Check(conversation);
        await stage.Pass(1);
        Assert.Null((await stage.Only()).ClosedAt);

        stage.World.Domain.SetBack(TimeSpan.FromHours(12));
        stage.World.Real.Advance(TimeSpan.FromHours(2));
        await stage.Check(conversation);
        Assert.False((await stage.World.Todo(conversation)).Escalated);
        stage.World.Domain.Advance(TimeSpan.FromHours(12));
        stage.World.Real.Advance(TimeSpan.FromHours(2));
        await stage.Check(conversation);
        Assert.True((await stage.World.Todo(conversation)).Escalated);
        await stage.Pass(6);
        Assert.Null((await stage.Only()).ClosedAt);
        Assert.NotEmpty(stage.Hints());
    }

    [Fact]
    public async Task A_mark_that_others_keep_from_the_row_is_left_all_the_same_or_the_check_comes_again()
    {
        var stage = await IncidentStage.Start();
        var conversation = await stage.World.Conversation();
        await stage.Refuse(conversation, CrmErrorCode.ProviderUnavailable, retryable: true);
        stage.World.Store.BeforeCommit = async (table, writes, _) =>
        {
            if (table == "Records")
            {
                stage.World.Store.BeforeCommit = null;
                stage.World.Domain.Advance(TimeSpan.FromMinutes(1));
                await stage.Refuse(conversation, CrmErrorCode.ProviderUnavailable, retryable: true);
            }
        };
        await stage.Check(conversation);

        var row = await stage.World.Todo(conversation);
        Assert.Equal((stage.World.Real.GetUtcNow(), 2), (row.CheckedAt, row.Attempts));
    }
}
