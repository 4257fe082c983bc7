using Vorel.LocalHost.Development;
using Xunit;

namespace Vorel.Testing;

/// <summary>
/// One Azurite process, the emulator of queue and table storage, on dynamic loopback ports with a fresh data folder. Use it as
/// an xunit class fixture, or by hand: <see cref="Start"/>, then <see cref="DisposeAsync"/>.
/// </summary>
public sealed class AzuriteFixture : IAsyncLifetime, IAsyncDisposable
{
    /// <summary>The account name of every Azurite.</summary>
    public const string AccountName = AzuriteProcess.AccountName;

    /// <summary>The published development key of every Azurite; it protects nothing.</summary>
    public const string AccountKey = AzuriteProcess.AccountKey;

    private AzuriteProcess? _azurite;
    private DirectoryInfo? _folder;

    /// <summary>The process id, for tests that assert that the processes are distinct and alive.</summary>
    public int ProcessId => Azurite.Id;

    /// <summary>Where blobs answer, account included, without a trailing slash.</summary>
    public Uri BlobEndpoint => Azurite.BlobEndpoint;

    /// <summary>Where queues answer, account included, without a trailing slash.</summary>
    public Uri QueueEndpoint => Azurite.QueueEndpoint;

    /// <summary>Where tables answer, account included, without a trailing slash.</summary>
    public Uri TableEndpoint => Azurite.TableEndpoint;

    /// <summary>A connection string with explicit endpoints.</summary>
    public string ConnectionString => Azurite.ConnectionString;

    private AzuriteProcess Azurite => _azurite ?? throw new InvalidOperationException("Azurite was not started.");

    /// <summary>A started Azurite.</summary>
    /// <exception cref="DevelopmentException">Azurite is not installed, or did not come up; the message says what to do.</exception>
    public static async Task<AzuriteFixture> Start()
    {
        var azurite = new AzuriteFixture();
        await azurite.InitializeAsync();
        return azurite;
    }

    /// <summary>Starts Azurite and returns when all its services listen.</summary>
    public async Task InitializeAsync()
    {
        _folder = Directory.CreateTempSubdirectory("vorel-azurite-");
        try
        {
            _azurite = await AzuriteProcess.Start(AppContext.BaseDirectory, _folder.FullName, firstPort: 0, CancellationToken.None);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the process by SIGTERM, which loses no write, and deletes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _azurite, null) is { } azurite)
        {
            await azurite.DisposeAsync();
        }

        Interlocked.Exchange(ref _folder, null)?.Delete(recursive: true);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();
}
