using Vorel.Core.Crm;
using Vorel.Testing;

namespace Vorel.Core.Tests.Crm;

public sealed class RetryAfterTests
{
    // The clock stands at 2026-01-05 09:00:00 UTC.
    [Theory]
    [InlineData(null, null)]
    [InlineData("0", 0)]
    [InlineData("30", 30)]
    [InlineData("3600", 3600)]
    [InlineData("3601", 3600)]
    [InlineData("2000000000", 3600)]
    [InlineData("99999999999999999999", null)]
    [InlineData("-1", null)]
    [InlineData("1e9", null)]
    [InlineData("abc", null)]
    [InlineData("Mon, 05 Jan 2026 09:00:45 GMT", 45)]
    [InlineData("Mon, 05 Jan 2026 08:59:00 GMT", 0)]
    [InlineData("Tue, 01 Jan 2999 00:00:00 GMT", 3600)]
    public void Is_read_and_clamped(string? header, int? seconds)
    {
        using var response = new HttpResponseMessage();
        if (header is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", header);
        }

        Assert.Equal(seconds is { } value ? TimeSpan.FromSeconds(value) : null, RetryAfter.Read(response.Headers, new FakeTimeProvider()));
    }
}
