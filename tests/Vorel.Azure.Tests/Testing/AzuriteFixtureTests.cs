using System.Diagnostics;
using Vorel.Testing;

namespace Vorel.Azure.Tests.Testing;

public sealed class AzuriteFixtureTests
{
    [Fact]
    public async Task Starts_a_process_that_answers_and_ends_it()
    {
        await using var azurite = await AzuriteFixture.Start();
        using var process = Process.GetProcessById(azurite.ProcessId);
        using var http = new HttpClient();

        using var answer = await http.GetAsync(new Uri($"{azurite.TableEndpoint}/Tables"));
        Assert.Contains("Azurite-Table", answer.Headers.Server.ToString(), StringComparison.Ordinal);

        await azurite.DisposeAsync();
        Assert.True(process.HasExited);
    }
}
