using System.Security.Cryptography;
using System.Text;
using Vorel.Azure.Tables;
using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Durable.Storage;

namespace Vorel.LocalHost.Hosting;

/// <summary>
/// Keeps two local hosts of one user from working on one Durable hub: each would undo what the other writes. The lock is the
/// operating system's, so that it ends with its owner, however that ends.
/// </summary>
internal sealed class HubLock : IDisposable
{
    private readonly FileStream _file;

    private HubLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a hub's table.</summary>
    /// <param name="storage">The account's connection string.</param>
    /// <param name="hub">The hub's name.</param>
    /// <exception cref="IOException">Another local host has it, or the lock's file cannot be had.</exception>
    public static HubLock Take(string storage, string hub)
    {
        // What two hosts would share is the table, however the hub and the account are written.
        var table = new TableServiceClient(storage).GetTableClient(HubKeys.Table(hub)).Uri.AbsoluteUri.ToLowerInvariant();
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.UserName}\n{table}")))[..32];
        var path = Path.Combine(Path.GetTempPath(), $"vorel-hub-{name}.lock");
        try
        {
            return new HubLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None));
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"The lock of the Durable hub '{hub}' cannot be taken: {error.Message}", error);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new IOException(
                $"Another local host works on the Durable hub '{hub}' of this storage account: stop it, or give this one a storage account or hub name of its own.", error);
        }
    }

    public static HubLock Take(HostConfiguration configuration, AppSettings settings) =>
        Take(settings.Connection(configuration.Durable.ConnectionName), configuration.Durable.HubName);

    public void Dispose() => _file.Dispose();
}
