using Vorel.Functions.Hosting;
using Vorel.Functions.Tests.Support;
using Vorel.Testing.Golden;

namespace Vorel.Functions.Tests.Golden;

/// <summary>The orchestrators of today take every step that those of the recordings took.</summary>
public sealed class GoldenHistoryTests
{
    public static TheoryData<string> Paths => [.. GoldenFiles.All];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task An_instance_on_this_path_goes_on_as_it_began(string path)
    {
        var replay = new HistoryReplay(path, GoldenFiles.Read(path), Worker.Play);

        Assert.NotEmpty(replay.Turns);
        Assert.Null(await replay.AsRecorded());
        Assert.Null(await replay.InOtherBatches());
    }

    [Fact]
    public async Task A_process_of_its_own_answers_the_same()
    {
        await using var handler = await HandlerExecutable.StartReady();
        foreach (var path in GoldenFiles.All)
        {
            var history = GoldenFiles.Read(path);
            Assert.Null(await new HistoryReplay(path, history, request => handler.Turn(history.Orchestrator, request)).AsRecorded());
        }
    }

    [Fact]
    public void Every_orchestrator_has_a_recorded_path_and_every_path_an_orchestrator()
    {
        var orchestrators = FunctionCatalogue.Default.All.Where(function => function.Kind == FunctionKind.Orchestrator).Select(function => function.Name);
        var recorded = GoldenFiles.All.Select(path => GoldenFiles.Read(path).Orchestrator).Distinct();

        Assert.Equal(orchestrators.Order(StringComparer.Ordinal), recorded.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_path_lies_with_its_orchestrator_and_is_explained()
    {
        var explained = File.ReadLines(Path.Combine(GoldenFiles.Folder, "README.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);

        Assert.All(GoldenFiles.All, path => Assert.Equal(GoldenFiles.Read(path).Orchestrator, path.Split('/')[0]));
        Assert.Equal(GoldenFiles.All, explained.Order(StringComparer.Ordinal));
    }
}
