using Azure;
using Vorel.Azure.Stores;

namespace Vorel.Azure.Tests.Stores;

public sealed class StorageFaultsTests
{
    private static readonly CancellationToken s_cancelled = new(canceled: true);

    [Theory]
    [InlineData(0, true)]
    [InlineData(408, true)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(400, false)]
    [InlineData(404, false)]
    [InlineData(412, false)]
    public void An_answer_is_an_outage_when_the_service_shed_the_call_or_failed_by_itself(int status, bool outage) =>
        Assert.Equal(outage, StorageFaults.IsOutage(new RequestFailedException(status, "scripted"), default));

    [Fact]
    public void A_time_out_is_an_outage_and_a_cancellation_that_was_asked_for_is_none()
    {
        Assert.True(StorageFaults.IsOutage(new OperationCanceledException(), default));
        Assert.False(StorageFaults.IsOutage(new OperationCanceledException(s_cancelled), s_cancelled));
    }

    [Fact]
    public void Tries_that_all_went_unanswered_are_an_outage_even_if_the_caller_ended_the_last_of_them()
    {
        var lost = new RequestFailedException("connection lost");

        Assert.True(StorageFaults.IsOutage(new AggregateException(lost, lost), default));
        Assert.True(StorageFaults.IsOutage(new AggregateException(lost, lost, new TaskCanceledException()), s_cancelled));
        Assert.False(StorageFaults.IsOutage(new AggregateException(lost, new RequestFailedException(400, "refused")), s_cancelled));
    }
}
