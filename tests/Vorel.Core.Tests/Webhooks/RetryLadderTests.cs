using Vorel.Core.Webhooks;

namespace Vorel.Core.Tests.Webhooks;

public sealed class RetryLadderTests
{
    [Fact]
    public void Is_the_ladder_of_the_webhook_guide() =>
        Assert.Equal("6 attempts: at once, then after 60 s, 5 min, 30 min, 2 h, 12 h; over 14 h 36 min in all", RetryLadder.Webhooks.ToString());

    [Theory]
    [InlineData(1, 60)]
    [InlineData(2, 300)]
    [InlineData(3, 1800)]
    [InlineData(4, 7200)]
    [InlineData(5, 43200)]
    public void Climbs_one_rung_after_a_failure_that_may_pass(int attempt, int seconds)
    {
        foreach (var error in Enum.GetValues<AttemptError>().Where(error => error != AttemptError.Client))
        {
            Assert.Equal(
                new LadderStep.Retry(attempt + 1, TimeSpan.FromSeconds(seconds)),
                RetryLadder.Webhooks.After(attempt, new AttemptOutcome(null, error, TimeSpan.Zero, default)));
        }
    }

    [Fact]
    public void Ends_in_the_dead_letters_after_the_sixth_failure()
    {
        foreach (var error in Enum.GetValues<AttemptError>().Where(error => error != AttemptError.Client))
        {
            Assert.IsType<LadderStep.DeadLetter>(RetryLadder.Webhooks.After(6, new AttemptOutcome(503, error, TimeSpan.Zero, default)));
            Assert.IsType<LadderStep.DeadLetter>(RetryLadder.Webhooks.After(7, new AttemptOutcome(503, error, TimeSpan.Zero, default)));
        }
    }

    [Fact]
    public void Decides_by_the_class_of_every_status_there_is()
    {
        for (var status = 100; status <= 999; status++)
        {
            var step = After(attempt: 1, status);
            switch (status / 100)
            {
                case 2:
                    Assert.IsType<LadderStep.Delivered>(step);
                    break;
                case 4:
                    Assert.Equal(new LadderStep.PermanentFail(DisablesSubscription: status == 410), step);
                    break;
                default:
                    Assert.Equal(new LadderStep.Retry(2, TimeSpan.FromSeconds(60)), step);
                    break;
            }
        }
    }

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(299)]
    public void Delivers_on_any_attempt(int status) => Assert.IsType<LadderStep.Delivered>(After(6, status));

    [Theory]
    [InlineData(400)]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(499)]
    public void Gives_up_at_once_on_a_4xx_time_out_and_rate_limit_too(int status) =>
        Assert.Equal(new LadderStep.PermanentFail(DisablesSubscription: false), After(1, status));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Counts_attempts_from_one(int attempt) => Assert.Throws<ArgumentOutOfRangeException>(() => After(attempt, 500));

    private static LadderStep After(int attempt, int status) =>
        RetryLadder.Webhooks.After(attempt, new AttemptOutcome(status, AttemptErrors.OfStatus(status), TimeSpan.Zero, default));
}
