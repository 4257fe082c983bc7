using Vorel.Core.Time;
using Vorel.Functions.Settings;
using Vorel.Functions.Time;

namespace Vorel.Functions.Composition;

/// <summary>The two clocks.</summary>
internal static class ClockServices
{
    public static void AddClocks(this IServiceCollection services, HandlerSettings settings)
    {
        if (settings.ClockUrl is null)
        {
            services.AddSingleton(new Clocks(TimeProvider.System, TimeProvider.System));
            return;
        }

        services.AddSingleton<RemoteClock>();
        services.AddSingleton(provider => new Clocks(provider.GetRequiredService<RemoteClock>(), TimeProvider.System));
        services.AddHostedService<ClockFollower>();
    }
}
