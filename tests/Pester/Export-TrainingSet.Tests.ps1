#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Export-TrainingSet' {
    $calls = @{
        Cmdlet         = 'Export-TrainingSet'
        Prepare        = {
            Import-Outcar al-strain
            Set-Content taken.extxyz -Value mine
        }
        Run            = { param($With, $Place) $Place.Data | Export-TrainingSet "$($Place.Fresh()).extxyz" @With }
        ByPropertyName = { param($With, $Place) $Place.Data | ForEach-Object { [pscustomobject]@{ Frame = $_ } } | Export-TrainingSet "$($Place.Fresh()).extxyz" @With }
        Fail           = { param($With, $Place) $Place.Data | Export-TrainingSet taken.extxyz @With }
        FailId         = 'FileExists'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'splits the same way on every run' {
        $frames = Import-Outcar "$PSScriptRoot/../../samples/al-strain"
        $hashes = foreach ($folder in 'first', 'second') {
            ($frames | Export-TrainingSet (Join-Path $TestDrive "$folder/set.extxyz") -TrainFraction 0.7 -Seed 3 -WarningAction SilentlyContinue).Hash -join ' '
        }
        $hashes[0] | Should -Be $hashes[1]
    }

    It 'tells what a format cannot hold before it writes, and writes nothing where that is a reason to stop' {
        $frames = Import-Outcar "$PSScriptRoot/../../samples/al-strain"
        $folder = New-Item (Join-Path $TestDrive 'stopped') -ItemType Directory
        { $frames | ForEach-Object { $_ } | Export-TrainingSet (Join-Path $folder 'table.csv') -WarningAction Stop } | Should -Throw '*Csv holds energies*' -ErrorId 'ActionPreferenceStop,*'
        Get-ChildItem $folder -Force | Should -BeNullOrEmpty
    }

    It 'leaves the old set and nothing else when it is stopped' {
        $folder = New-Item (Join-Path $TestDrive 'interrupted') -ItemType Directory
        $path = Join-Path $folder 'set.extxyz'
        $null = Import-Outcar "$PSScriptRoot/../../samples/al-strain" | Export-TrainingSet $path -WarningAction SilentlyContinue
        $before = Get-ChildItem $folder -Force | Get-FileHash
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript({
                    param($Module, $Samples, $Path)
                    Import-Module $Module
                    $frames = Import-Outcar $Samples
                    # There is no end to these.
                    & { for (; ; ) { $frames } } | Export-TrainingSet $Path -Force -WarningAction SilentlyContinue
                }).AddArgument($env:ATOMPRONET_MODULE).AddArgument("$PSScriptRoot/../../samples/al-strain").AddArgument($path)
            $running = $shell.BeginInvoke()
            for ($i = 0; $i -lt 600 -and -not (Get-ChildItem $folder -Force -Filter '.set.extxyz.*'); $i++) { Start-Sleep -Milliseconds 100 }
            Get-ChildItem $folder -Force -Filter '.set.extxyz.*' | Should -Not -BeNullOrEmpty
            $shell.Stop()
            $running.IsCompleted | Should -BeTrue
        }
        finally { $shell.Dispose() }

        (Get-ChildItem $folder -Force | Get-FileHash).Hash | Should -Be $before.Hash
    }
}
