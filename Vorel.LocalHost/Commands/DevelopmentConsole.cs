using Vorel.LocalHost.Development;

namespace Vorel.LocalHost.Commands;

/// <summary>How the development commands speak: one line for each thing, one line for each fault.</summary>
internal static class DevelopmentConsole
{
    public static void Say(string line) => Console.Out.WriteLine(line);

    /// <summary>Runs a command and turns a fault that a person can mend into one line and exit code 1.</summary>
    public static async Task<int> Guard(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (DevelopmentException e)
        {
            await Console.Error.WriteLineAsync($"vorel: {e.Message}");
            return 1;
        }
        catch (HttpRequestException e)
        {
            await Console.Error.WriteLineAsync($"vorel: a call to the local host failed ({e.Message}); its lines above say why.");
            return 1;
        }
        catch (OperationCanceledException e) when (e.InnerException is TimeoutException)
        {
            await Console.Error.WriteLineAsync("vorel: a call to the local host took too long; its lines above say why.");
            return 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"vorel: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("vorel: stopped before it was up.");
            return 130;
        }
    }
}
